import { atLeast, type Role, roles } from '../../shared/roles.ts'
import { endAccessOfInvited } from '../accounts/departing.ts'
import { actorRef, type Ctx } from '../context.ts'
import { record, telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn, sendMail } from '../mails/mail.ts'
import { freshLink } from './invitation.ts'

const days = 7

/**
 * Makes an invitation, valid for 7 days; a pending one for the same address is revoked by it. The link is in the answer
 * and nowhere else. Within a transaction that holds the project's people (`lockPeople`).
 */
export async function makeInvitation(tx: Sql, ctx: Ctx, projectId: string, email: string, role: Role) {
  const id = newId()
  const { digest, url } = freshLink(ctx.world)
  await tx`
    update invitations set revoked_at = now()
    where project_id = ${projectId} and email = ${email} and accepted_at is null and revoked_at is null`
  await tx`
    insert into invitations (id, project_id, email, role, link_digest, created_by, expires_at)
    values (${id}, ${projectId}, ${email}, ${role}, ${digest}, ${tx.json(actorRef(ctx.actor))},
      now() + make_interval(days => ${days}))`
  const payload = { invitation_id: id, email, role }
  await record(tx, ctx, { name: 'invitation.created', projectId, target: `invitation:${id}`, payload })
  return { id, url }
}

/** Mails an invitation's link to whom it is for, in the commit that made it; false where no mail can be sent. */
export async function mailInvitation(tx: Sql, ctx: Ctx, projectId: string, id: string, url: string): Promise<boolean> {
  if (!mailIsOn(ctx.world)) return false
  const [row] = await tx<{ email: string; role: Role; project: string; expires_at: Date }[]>`
    select i.email, i.role, p.name as project, i.expires_at from invitations i join projects p on p.id = i.project_id
    where i.id = ${id} and i.project_id = ${projectId}`
  if (!row) return false
  const { email, role, project, expires_at } = row
  const data = { project, role, invitedBy: actorRef(ctx.actor).name, url, expiresAt: expires_at.toISOString() }
  await sendMail(tx, ctx, email, { kind: 'invitation', data })
  return true
}

/** Gives an open invitation a new link and 7 more days; its old link ends. Undefined when it was used or revoked. */
export async function renewInvitation(sql: Sql, ctx: Ctx, projectId: string, id: string) {
  const { digest, url } = freshLink(ctx.world)
  const [row] = await sql<{ expires_at: Date }[]>`
    with renewed as (
      update invitations set link_digest = ${digest}, expires_at = now() + make_interval(days => ${days})
      where id = ${id} and project_id = ${projectId} and accepted_at is null and revoked_at is null
      returning id, project_id, email, role, expires_at
    ), told as (${telling(sql, ctx, {
      name: 'invitation.resent',
      target: sql`'invitation:' || id`,
      payload: sql`jsonb_build_object('invitation_id', id, 'email', email, 'role', role)`,
      from: sql`renewed`,
    })})
    select expires_at from renewed`
  return row && { url, expires_at: row.expires_at }
}

/** Revokes an open invitation, and what its address was granted meanwhile; false when there is none of this id in the project, or it was used or revoked before. */
export const revokeInvitation = (sql: Sql, ctx: Ctx, projectId: string, id: string): Promise<boolean> =>
  atomically(sql, async (tx) => {
    const [revoked] = await tx<{ email: string }[]>`
      with revoked as (
        update invitations set revoked_at = now()
        where id = ${id} and project_id = ${projectId} and accepted_at is null and revoked_at is null
        returning id, project_id, email, role
      ), told as (${telling(tx, ctx, {
        name: 'invitation.revoked',
        target: tx`'invitation:' || id`,
        payload: tx`jsonb_build_object('invitation_id', id, 'email', email, 'role', role)`,
        from: tx`revoked`,
      })})
      select email from revoked`
    if (revoked) await endAccessOfInvited(tx, ctx, projectId, revoked.email)
    return revoked !== undefined
  })

/**
 * Revokes what somebody invited and could not invite any more as `role` (null: gone). They may have kept the links: an
 * admin who is shown out must not come back by one of their own.
 */
export async function revokeBeyond(tx: Sql, ctx: Ctx, projectId: string, personId: string, role: Role | null) {
  const still = role && atLeast(role, 'ADMIN') ? roles.filter((one) => atLeast(role, one)) : []
  const beyond = await tx<{ id: string }[]>`
    select id from invitations
    where project_id = ${projectId} and accepted_at is null and revoked_at is null and role <> all (${still})
      and created_by ->> 'type' = 'person' and created_by ->> 'id' = ${personId}`
  for (const { id } of beyond) await revokeInvitation(tx, ctx, projectId, id)
}
