import { actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { fileDigest, fileOpener, ticketMinutes, ticketOf } from './attachment.ts'
import { mailRead, noticing } from './notices.ts'
import { replayOpener, replaySeconds } from './replay.ts'
import { type Opener, wrapKey } from './sealing.ts'
import { isOpen, type SecretRow, wrappedAt } from './secret.ts'

type Readable = SecretRow & { data_key: Uint8Array }

/** Whether it can be read now: not before its file is there. */
export const isReadable = (row: SecretRow): row is Readable =>
  isOpen(row) && row.data_key !== null && row.upload_digest === null

/** What was proven of a claim, and the Idempotency-Key that it came with. */
type Proof = { opener: Opener; dataKey: Buffer; replay: string | undefined }

/** What a claim leaves in the row for a minute or ten: the data key for who repeats the request, and for the file's reader. */
async function keptAfter(ctx: Ctx, row: Readable, { opener, dataKey, replay }: Proof) {
  const { world } = ctx
  const at = wrappedAt(row)
  const wrapped = (column: 'replay_key' | 'ticket_key', under: Opener) => wrapKey(world, at, column, under, dataKey)
  const ticket = row.file_bytes === null ? null : ticketOf(dataKey)
  return {
    replayKey: replay === undefined ? null : await wrapped('replay_key', replayOpener(ctx, opener, replay)),
    ticketDigest: ticket === null ? null : fileDigest(world, 'ticket', ticket),
    ticketKey: ticket === null ? null : await wrapped('ticket_key', fileOpener('ticket', at, ticket)),
  }
}

/** Claims the row, and tells who asked to be told, in one commit. Answers the sealed text; undefined when it was not claimed. */
export async function claim(ctx: Ctx, row: Readable, proof: Proof): Promise<Uint8Array | undefined> {
  const kept = await keptAfter(ctx, row, proof)
  return noticing(ctx, row, async (tx) => {
    const claimed = await claimIn(tx, ctx, row, kept)
    if (claimed) await mailRead(tx, ctx, row, claimed.ended_at)
    return claimed?.content
  })
}

/**
 * The one statement. Its clock is read when the row is held: a statement that had to wait for it may not read what has
 * expired meanwhile. It takes the text from the row unless a repetition may ask for it. Nothing comes back when somebody was
 * first, or when the row is under another sealing key than the one that `row` names.
 */
async function claimIn(sql: Sql, ctx: Ctx, row: Readable, kept: Awaited<ReturnType<typeof keptAfter>>) {
  const { replayKey, ticketDigest, ticketKey } = kept
  const [claimed] = await sql<{ content: Uint8Array; ended_at: Date }[]>`
    with claimed as (
      update secrets set state = 'received', ended_at = clock_timestamp(), updated_at = clock_timestamp(),
        ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb,
        data_key = null, sealed_secret_key = null,
        content = case when ${replayKey}::bytea is not null then content end,
        replay_key = ${replayKey}::bytea,
        replay_until = case when ${replayKey}::bytea is not null
          then clock_timestamp() + make_interval(secs => ${replaySeconds}) end,
        ticket_digest = ${ticketDigest}::bytea,
        ticket_key = ${ticketKey}::bytea,
        ticket_until = case when ${ticketKey}::bytea is not null
          then clock_timestamp() + make_interval(mins => ${ticketMinutes}) end
      where id = ${row.id} and state in ('new', 'viewed') and expires_at > clock_timestamp() and data_key is not null
        and upload_digest is null and key_version = ${row.key_version}
      returning id, project_id, ended_at
    ), told as (${telling(sql, ctx, {
      name: 'secret.received',
      target: sql`'secret:' || id`,
      payload: sql`jsonb_build_object('secret_id', id)`,
      from: sql`claimed`,
    })})
    select before.content, claimed.ended_at from claimed join secrets before using (id)` // which sees the row as it was
  return claimed
}
