import { type KeyRow, listKeys } from '../keys/key.ts'
import { shownKey } from './shown-key.ts'
import type { Terminal } from './terminal.ts'
import { projectNamed, withWorld } from './world.ts'

function stateOf({ status, revoked_at, expires_at }: KeyRow): string {
  if (revoked_at) return `revoked ${revoked_at.toISOString()}`
  if (!expires_at) return status
  return `${status}${status === 'expired' ? '' : ' until'} ${expires_at.toISOString()}`
}

/** `key:list`: the keys of a project and their alerts, newest first, its test keys included. */
export async function keyList(terminal: Terminal, options: { project: string; json?: boolean }): Promise<void> {
  await withWorld(terminal, async ({ db: { sql } }) => {
    const rows = await listKeys(sql, (await projectNamed(sql, options.project)).id)
    if (options.json) return terminal.out(JSON.stringify({ items: rows.map(shownKey) }))
    if (rows.length === 0) terminal.err('This project has no keys.')
    for (const row of rows) {
      const { id, hint, name, scopes, alerts } = shownKey(row)
      terminal.out([id, hint, name, scopes.join(' '), stateOf(row), alerts.join(' ')].join('\t').trimEnd())
    }
  })
}
