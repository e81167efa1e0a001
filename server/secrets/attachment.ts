import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { derive, hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { linkTokenOf, makeLinkToken } from '../lib/token.ts'
import { atomically } from '../lib/transaction.ts'
import type { World } from '../world.ts'
import { type Opener, openContent, type Place } from './sealing.ts'
import type { SecretRow } from './secret.ts'

/**
 * The file of a secret is sealed under the same data key as its text. Two tokens open that key, each for one thing: the
 * upload token, which its maker gets, until the file is there (`upload_key`), and the ticket, which its reader gets, for
 * ten minutes from the claim (`ticket_key`).
 */
export type FileToken = 'upload' | 'ticket'

/** Minutes that a ticket fetches the file. */
export const ticketMinutes = 10

/** Bytes of a file that are sealed as one piece; the last one may have fewer. */
export const partBytes = 65_536

/** A token for an upload or a ticket: 130 random bits, as those of links. */
export const newFileToken = makeLinkToken

/** The ticket of a secret's file: made of its data key, so that a reply that comes once more names the same one. */
export const ticketOf = (dataKey: Uint8Array): string => linkTokenOf(derive(dataKey, 'ticket'))

/** How a token is kept and found: `upload_digest`, `ticket_digest`. */
export const fileDigest = (world: World, kind: FileToken, token: string): Buffer =>
  hmac(world.keys.pepper, `secret ${kind} ${token}`)

/** What wraps the data key as `upload_key` or `ticket_key`. */
export const fileOpener = (kind: FileToken, { id }: Place, token: string): Opener =>
  derive(Buffer.from(token), `${kind} opener`, Buffer.from(id))

/** Bytes as they come, gathered into pieces of `partBytes`; each lasts until the next is asked for. */
export async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(partBytes)
  let filled = 0
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.subarray(from, from + partBytes - filled)
      piece.set(taken, filled)
      from += taken.length
      filled += taken.length
      if (filled < partBytes) continue
      yield piece
      filled = 0
    }
  if (filled > 0) yield piece.subarray(0, filled)
}

type Keyed = Pick<SecretRow, 'id' | 'project_id' | 'epoch_id' | 'key_version'> & { file_bytes: number }

/** Of `secrets`: its file has not come, and it can still be read. */
const awaits = (sql: Sql, digest: Uint8Array) =>
  sql`upload_digest = ${digest} and state in ('new', 'viewed') and expires_at > now()`

/** The secret that waits for the file of this token. */
export async function findUpload(sql: Sql, digest: Uint8Array): Promise<(Keyed & { upload_key: Buffer }) | undefined> {
  const [row] = await sql<(Keyed & { upload_key: Buffer })[]>`
    select id, project_id, epoch_id, key_version, file_bytes, upload_key from secrets where ${awaits(sql, digest)}`
  return row
}

/** One upload of one file; `upload` tells its pieces from those of another at the same time. */
type Upload = { digest: Uint8Array; secretId: string; upload: string }

/**
 * Stores a piece while the secret still waits for its file; refuses NOT_FOUND when it does not. The lock makes it see an
 * upload that ended meanwhile, so that no piece is added to a file that is complete.
 */
export async function storePart(
  sql: Sql,
  { digest, secretId, upload, part, bytes }: Upload & { part: number; bytes: Uint8Array },
) {
  const { count } = await sql`
    insert into secret_parts (secret_id, upload, part, bytes)
    select id, ${upload}, ${part}, ${bytes} from secrets where id = ${secretId} and ${awaits(sql, digest)} for key share`
  if (count === 0) refuse('NOT_FOUND')
}

/** Makes the secret readable with the file that this upload brought; refuses NOT_FOUND when another one was first. */
export async function finishUpload(
  sql: Sql,
  ctx: Ctx,
  { digest, secretId, upload }: Upload,
  parts: number,
): Promise<void> {
  await atomically(sql, async (tx) => {
    const { count } = await tx`
      with done as (
        update secrets set upload_digest = null, upload_key = null
        where id = ${secretId} and ${awaits(tx, digest)}
        returning id, project_id
      ), told as (${telling(tx, ctx, {
        name: 'secret.file_stored',
        target: tx`'secret:' || id`,
        payload: tx`jsonb_build_object('secret_id', id)`,
        from: tx`done`,
      })})
      select 1 from done`
    if (count === 0) refuse('NOT_FOUND')
    // Statements of their own: they must see what others did until the update had the row.
    await tx`delete from secret_parts where secret_id = ${secretId} and upload <> ${upload}`
    const [kept] = await tx`select count(*)::int as parts from secret_parts where secret_id = ${secretId}`
    if (kept?.parts !== parts) throw new Error('Pieces of an upload are missing.')
  })
}

/** Removes the pieces of an upload that did not end well; none of one that ended well although its caller was told otherwise. */
export async function dropUpload(sql: Sql, { digest, secretId, upload }: Upload): Promise<void> {
  await sql`
    with waiting as (select id from secrets where id = ${secretId} and upload_digest = ${digest} for key share)
    delete from secret_parts where secret_id in (select id from waiting) and upload = ${upload}`
}

/** The secret whose file a ticket fetches, while it does. */
export async function findFile(sql: Sql, digest: Uint8Array): Promise<(Keyed & { ticket_key: Buffer }) | undefined> {
  const [row] = await sql<(Keyed & { ticket_key: Buffer })[]>`
    select id, project_id, epoch_id, key_version, file_bytes, ticket_key from secrets
    where ticket_digest = ${digest} and ticket_until > now() and ticket_key is not null`
  return row
}

/** The pieces of a file in their order, opened; each is read when it is wanted, so that a slow reader holds no connection. */
export async function* filePieces(sql: Sql, at: Place, dataKey: Uint8Array, bytes: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part * partBytes < bytes; part++) {
    const [row] = await sql<{ bytes: Uint8Array }[]>`
      select bytes from secret_parts where secret_id = ${at.id} and part = ${part}`
    if (!row) throw new Error('A piece of a file is missing.')
    yield openContent(at, dataKey, row.bytes, part)
  }
}
