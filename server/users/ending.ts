import { endAccessOf } from '../accounts/departing.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { keysOf, revokeKey } from '../keys/key.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { endStandingOf } from '../policies/standing.ts'
import { endPushOf } from '../push/subscription.ts'
import { revokeBeyond } from './inviting.ts'
import { type Member, mustLeaveAnOwner } from './membership.ts'

/**
 * Ends a membership with all that hangs on it, in one transaction under `lockPeople`: the keys that this person made here
 * and in the twin, invitations whose links they hold, what they have of TOTP accounts, the yeses that they gave for a while,
 * their browsers that are notified, and their sessions when this was their last project. Triggers tell
 * every node. Refuses LAST_OWNER.
 */
export async function endMembership(tx: Sql, ctx: Ctx, projectId: string, person: Member): Promise<void> {
  if (person.role === 'OWNER') await mustLeaveAnOwner(tx, projectId, person.id)
  await tx`
    update memberships set disabled_at = now()
    where project_id = ${projectId} and person_id = ${person.id} and disabled_at is null`
  const facts = { projectId, target: `person:${person.id}` }
  const payload = { person_id: person.id, name: person.name }
  await record(tx, ctx, { name: 'person.disabled', ...facts, payload })
  await revokeBeyond(tx, ctx, projectId, person.id, null)
  await endKeys(tx, ctx, projectId, person.id)
  await endAccessOf(tx, ctx, projectId, person.id)
  await endStandingOf(tx, ctx, projectId, person.id)
  await endPushOf(tx, ctx, projectId, person.id)
  const sessions = await endSessions(tx, person.id)
  if (sessions > 0) await record(tx, ctx, { name: 'person.signed_out', ...facts, payload: { ...payload, sessions } })
}

async function endKeys(tx: Sql, ctx: Ctx, projectId: string, makerId: string): Promise<void> {
  const keys = await tx<{ id: string }[]>`
    select k.id from api_keys k
    where k.project_id in ${keysOf(tx, projectId)} and k.maker_id = ${makerId} and k.revoked_at is null`
  for (const { id } of keys) await revokeKey(tx, ctx, projectId, id)
}

/** Ends somebody's sessions if they belong to no project any more, and answers how many there were. */
async function endSessions(tx: Sql, personId: string): Promise<number> {
  // Two projects may show the same person out at once: the later one must see what the earlier one did.
  await tx`select 1 from people where id = ${personId} for no key update`
  const ended = await tx`
    delete from sessions where person_id = ${personId}
      and not exists (select 1 from memberships where person_id = ${personId} and disabled_at is null)
    returning id`
  return ended.length
}
