import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { mailIsOn, sendMail } from '../mails/mail.ts'
import { askerOf } from './fresh.ts'
import { findPermission, present } from './permission.ts'

type Wish = z.output<typeof contract.permissions.request.input>

/** At most so many people are told of one request. */
const most = 50

/** Whoever asks again within this time is not mailed about again: the inbox has all of them. */
const quietSeconds = 60

/**
 * Mails a request to those who may decide it: people of the project who are more than viewers, and were not invited by the
 * key that asks. The address in it asks for sign-in; nothing in the mail decides. Without SMTP the inbox alone tells.
 */
export async function mailDeciders(sql: Sql, ctx: Ctx<KeyActor | PersonActor>, id: string, wish: Wish): Promise<void> {
  if (!mailIsOn(ctx.world)) return
  const { keyFamily } = askerOf(ctx)
  const [recent] = await sql`
    select 1 from permissions p join approvals a on a.id = p.id
    where p.key_family = ${keyFamily} and p.id < ${id} and p.created_at > now() - make_interval(secs => ${quietSeconds})
    limit 1`
  if (recent) return
  const people = await sql<{ email: string; project: string }[]>`
    select who.email, own.name as project from memberships m join people who on who.id = m.person_id
    join projects own on own.id = m.project_id
    where m.project_id = ${ctx.actor.projectId} and m.disabled_at is null and m.role in ('OWNER', 'ADMIN', 'MEMBER')
      and m.invited_by_key is distinct from ${keyFamily}
    order by m.role = 'OWNER' desc, who.id limit ${most}`
  const { approval_url: url = '', expires_at: expiresAt } = present(ctx, await findPermission(ctx, id, sql))
  const reason = wish.context.reason
  for (const { email, project } of people)
    await sendMail(sql, ctx, email, {
      kind: 'permission request',
      data: {
        project,
        agent: ctx.actor.type === 'key' ? (ctx.actor.agent?.name ?? ctx.actor.name) : ctx.actor.name,
        action: wish.action,
        resource: wish.resource ?? null,
        reason: typeof reason === 'string' ? reason.slice(0, 500) : null,
        url,
        expiresAt,
        approvalId: id,
      },
    })
}
