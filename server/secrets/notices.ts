import { actorRef, type Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { type Mail, mailIsOn, type NamedSecret, sendMail } from '../mails/mail.ts'
import { openNotify } from './sealing.ts'
import type { SecretRow } from './secret.ts'

/**
 * Mails about secrets and asks. Each is queued in the transaction of what it tells of, so that a claim that rolls back tells
 * nobody; nothing is queued where no mail can be sent. None holds a secret, and only the recipient's holds a link.
 */

/** What a notice is made of. */
export type Noticed = Pick<SecretRow, 'id' | 'project_id' | 'notify' | 'memo' | 'recipient'>

/** Runs a change that a notice may tell of: change and notice are one commit; where none is told, the change is its own. */
export const noticing = <Answer>(
  { world }: Ctx,
  { notify }: Pick<Noticed, 'notify'>,
  change: (sql: Sql) => Promise<Answer>,
): Promise<Answer> => (notify !== null && mailIsOn(world) ? atomically(world.db.sql, change) : change(world.db.sql))

async function projectName(tx: Sql, projectId: string): Promise<string> {
  const [project] = await tx<{ name: string }[]>`select name from projects where id = ${projectId}`
  return project?.name ?? ''
}

/** Tells the maker, where they asked for it. Their address is opened only here. */
async function tell(tx: Sql, ctx: Ctx, row: Noticed, mailOf: (secret: NamedSecret) => Mail): Promise<void> {
  if (row.notify === null || !mailIsOn(ctx.world)) return
  const { id, project_id: projectId, memo, recipient } = row
  const secret = { id, project: await projectName(tx, projectId), memo, recipient }
  await sendMail(tx, ctx, openNotify(ctx.world, { id, projectId }, row.notify), mailOf(secret))
}

/** Mails a new secret's link to its recipient; never the text, nor what its maker calls it. */
export async function mailRecipient(
  tx: Sql,
  ctx: Ctx,
  to: string,
  made: { projectId: string; secretKey: string; passphrase: boolean; expiresAt: Date },
): Promise<void> {
  if (!mailIsOn(ctx.world)) return
  const data = {
    project: await projectName(tx, made.projectId),
    sharedBy: actorRef(ctx.actor).name,
    passphrase: made.passphrase,
    url: `${ctx.world.config.publicUrl}/s/${made.secretKey}`,
    expiresAt: made.expiresAt.toISOString(),
  }
  await sendMail(tx, ctx, to, { kind: 'secret link', data })
}

/** Tells that a secret was read, in the commit that claims it. Nothing about who read it. */
export const mailRead = (tx: Sql, ctx: Ctx, row: Noticed, at: Date): Promise<void> =>
  tell(tx, ctx, row, (secret) => ({ kind: 'secret read', data: { ...secret, readAt: at.toISOString() } }))

/** Tells that somebody came for a secret that was read, in the commit that notes it for the first time. */
export const mailContested = (
  tx: Sql,
  ctx: Ctx,
  row: Noticed & { ended_at: Date; contested_at: Date },
): Promise<void> =>
  tell(tx, ctx, row, (secret) => ({
    kind: 'secret contested',
    data: { ...secret, readAt: row.ended_at.toISOString(), cameAt: row.contested_at.toISOString() },
  }))

/** Tells that a secret expired unread, in the commit that ends it. */
export const mailExpired = (tx: Sql, ctx: Ctx, row: Noticed & { expires_at: Date }): Promise<void> =>
  tell(tx, ctx, row, (secret) => ({
    kind: 'secret expired',
    data: { ...secret, expiredAt: row.expires_at.toISOString() },
  }))

/** Tells who asked that the answer is there, in the commit that takes it. `expiresAt`: until when it can be read. */
export async function mailAnswered(
  tx: Sql,
  ctx: Ctx,
  ask: { id: string; project_id: string; title: string; notify: Uint8Array | null },
  expiresAt: Date,
): Promise<void> {
  if (ask.notify === null || !mailIsOn(ctx.world)) return
  const { id, project_id: projectId, title } = ask
  const data = { project: await projectName(tx, projectId), title, expiresAt: expiresAt.toISOString() }
  await sendMail(tx, ctx, openNotify(ctx.world, { id, projectId }, ask.notify), { kind: 'ask answered', data })
}

/**
 * Tells a day ahead, once over all nodes, of secrets that nobody has read yet; of those made for two days at least, a hundred
 * at a time. Answers how many there were.
 */
export async function warnSoon(ctx: Ctx): Promise<number> {
  if (!mailIsOn(ctx.world)) return 0
  return atomically(ctx.world.db.sql, async (tx) => {
    // In the words of the index `secrets_unwarned`.
    const rows = await tx<(Noticed & { expires_at: Date })[]>`
      update secrets set warned_at = now() where id in (
        select id from secrets
        where state in ('new', 'viewed') and notify is not null and warned_at is null and ttl >= 172800
          and upload_digest is null and expires_at > now() and expires_at <= now() + interval '1 day'
        order by expires_at limit 100 for update skip locked)
      returning id, project_id, notify, memo, recipient, expires_at`
    for (const row of rows)
      await tell(tx, ctx, row, (secret) => ({
        kind: 'secret expires soon',
        data: { ...secret, expiresAt: row.expires_at.toISOString() },
      }))
    return rows.length
  })
}
