import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { askDigest, findByToken } from './ask.ts'

/** Shows what a link's holder is asked for. Changes nothing, however often and by whatever it is read. */
export const open: Verb<typeof contract.asks.open> = async ({ world }, { token }) => {
  const row = (await findByToken(world.db.sql, askDigest(world, token))) ?? refuse('NOT_FOUND')
  return {
    status: row.status,
    title: row.title,
    note: row.note,
    project: row.project,
    asked_by: { name: row.created_by.name, type: row.created_by.type },
    encrypted_by: row.encrypted_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    server_time: row.now.toISOString(),
  }
}
