import { revokeKey } from '../keys/key.ts'
import { shownKey } from './shown-key.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { change, projectNamed } from './world.ts'

export type RevokeOptions = { project: string; id: string; json?: boolean }

/** `key:revoke`: ends a key for good, at once on every node; again is no fault. */
export async function keyRevoke(terminal: Terminal, { project, id, json }: RevokeOptions): Promise<void> {
  const row = await change(terminal, async (sql, ctx) => revokeKey(sql, ctx, (await projectNamed(sql, project)).id, id))
  if (!row) throw new CommandFault(`The project ${project} has no key ${id}.`)
  terminal.out(json ? JSON.stringify(shownKey(row)) : `Key ${row.id} (${row.name}) is revoked.`)
}
