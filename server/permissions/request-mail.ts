import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { mailIsOn, sendMail } from '../mails/mail.ts'
import { type PermissionRow, present } from './permission.ts'

/** At most so many people are told of one request. */
const most = 50

/** Whoever asks again within this time is not mailed about again: the inbox has all of them. */
const quietSeconds = 60

/**
 * Takes the right to mail for a line of keys, in the commit of its mails; false when it was taken within the last minute, or
 * is being taken by a request of the same line at this moment, which mails in this one's place.
 */
async function mayMail(tx: Sql, { id, key_family }: PermissionRow): Promise<boolean> {
  const [row] = await tx`
    update permissions set mailed_at = clock_timestamp()
    where id = ${id} and pg_try_advisory_xact_lock(hashtext('permission mail'), hashtext(${key_family}))
      and not exists (select 1 from permissions
        where key_family = ${key_family} and mailed_at > clock_timestamp() - make_interval(secs => ${quietSeconds}))
    returning id`
  return row !== undefined
}

/**
 * Mails a request to those who may decide it: people of the project who are more than viewers, and were not invited by the
 * key that asks, nor by its agent. The address in it asks for sign-in; nothing in the mail decides. Without SMTP the inbox
 * alone tells. Within the transaction that made the request.
 */
export async function mailDeciders(tx: Sql, ctx: Ctx<KeyActor | PersonActor>, row: PermissionRow): Promise<void> {
  if (!mailIsOn(ctx.world) || !(await mayMail(tx, row))) return
  const people = await tx<{ email: string; project: string }[]>`
    select who.email, own.name as project from memberships m join people who on who.id = m.person_id
    join projects own on own.id = m.project_id
    where m.project_id = ${row.project_id} and m.disabled_at is null and m.role in ('OWNER', 'ADMIN', 'MEMBER')
      and m.invited_by_key is distinct from ${row.key_family} and m.invited_by_key is distinct from ${row.asked_by.id}
    order by m.role = 'OWNER' desc, who.id limit ${most}`
  const { approval_url: url = '', expires_at: expiresAt } = present(ctx, row)
  const { reason } = row.context
  for (const { email, project } of people)
    await sendMail(tx, ctx, email, {
      kind: 'permission request',
      data: {
        project,
        agent: row.asked_by.name,
        action: row.action,
        resource: row.resource,
        reason: typeof reason === 'string' ? reason.slice(0, 500) : null,
        url,
        expiresAt,
        approvalId: row.id,
      },
    })
}
