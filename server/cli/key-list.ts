import { type KeyRow, listKeys } from '../keys/key.ts'
import { shownKey } from './shown-key.ts'
import type { Terminal } from './terminal.ts'
import { projectNamed, withWorld } from './world.ts'

function stateOf(row: KeyRow, now: Date): string {
  if (row.revoked_at) return `revoked ${row.revoked_at.toISOString()}`
  if (!row.expires_at) return 'active'
  return `${row.expires_at <= now ? 'expired' : 'active until'} ${row.expires_at.toISOString()}`
}

/** `key:list`: the keys of a project, newest first. */
export async function keyList(terminal: Terminal, options: { project: string; json?: boolean }): Promise<void> {
  await withWorld(terminal, async ({ db: { sql }, clock }) => {
    const rows = await listKeys(sql, (await projectNamed(sql, options.project)).id)
    if (options.json) return terminal.out(JSON.stringify({ items: rows.map(shownKey) }))
    if (rows.length === 0) terminal.err('This project has no keys.')
    for (const row of rows) {
      const { id, hint, name, scopes } = shownKey(row)
      terminal.out([id, hint, name, scopes.join(' '), stateOf(row, clock.now())].join('\t'))
    }
  })
}
