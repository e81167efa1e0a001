import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { record } from '../events/event.ts'
import type { Streamed, Verb } from '../verb.ts'
import { fileDigest, fileOpener, filePieces, findFile } from './attachment.ts'
import { unwrapKey } from './sealing.ts'
import { wrappedAt } from './secret.ts'

/** Sends the file of a secret that was read, while its ticket lasts; told of before the first byte leaves. */
export const file: Verb<typeof contract.secrets.file> = async (ctx, { ticket }) => {
  const { world } = ctx
  const { sql } = world.db
  const row = (await findFile(sql, fileDigest(world, 'ticket', ticket))) ?? refuse('NOT_FOUND')
  const at = wrappedAt(row)
  const opener = fileOpener('ticket', at, ticket)
  const dataKey = (await unwrapKey(world, at, 'ticket_key', opener, row.ticket_key)) ?? refuse('NOT_FOUND')
  const { id, project_id: projectId, file_bytes: length } = row
  await record(sql, ctx, {
    name: 'secret.file_read',
    projectId,
    target: `secret:${id}`,
    payload: { secret_id: id },
  })
  const stream: Streamed = { type: 'application/octet-stream', length, chunks: filePieces(sql, at, dataKey, length) }
  return stream
}
