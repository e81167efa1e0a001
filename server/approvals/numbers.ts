import type { z } from 'zod'
import type { newApproval } from '../../shared/contract/new-approval.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { makerOf } from './fresh.ts'
import { namesOf, needsName } from './shown.ts'

type Wish = z.output<typeof newApproval>

/** How many requests with a number wait for one person at most, so that nobody types numbers without reading. */
const most = 3

/** True when a request shows a number to people who are known by name. */
export const needsRoom = (wish: Wish): boolean => wish.match_number && needsName(wish)

/**
 * Refuses a request with a number when as many as may be wait for one of its approvers already: whoever is named, has a
 * named role, or may decide at all where nobody is named. Creations of a project take turns, until the transaction ends.
 */
export async function mustHaveRoom(tx: Sql, { actor }: Ctx, projectId: string, wish: Wish): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`approvals.number ${projectId}`}, 0))`
  const names = namesOf(wish) ?? null
  const maker = makerOf(actor)
  const askers = [actor.type === 'key' ? actor.family : null, actorRef(actor).id].filter((one) => one !== null)
  const [full] = await tx`
    with members as (
      select p.id, p.email, m.role, m.invited_by_key from memberships m join people p on p.id = m.person_id
      where m.project_id = (select coalesce(test_of, id) from projects where id = ${projectId})
        and m.disabled_at is null and m.role in ('OWNER', 'ADMIN', 'MEMBER')
    ), asked as (
      select * from members where coalesce(invited_by_key <> all (${askers}::text[]), true)
        and (${names}::text[] is null or (id is distinct from ${maker}::text and (email = any (${names}) or 'role:' || role = any (${names}))))
      union all
      select null, name, null, null from unnest(${names}::text[]) as name
      where name not like 'role:%' and name not in (select email from members)
    )
    select 1 from asked where ${most} <= (
      select count(*) from approvals a
      where a.project_id = ${projectId} and a.status = 'pending' and a.expires_at > clock_timestamp()
        and a.match_number is not null and a.link = 'signed_in'
        and (a.approvers is null and asked.id is not null or asked.email = any (a.approvers) or 'role:' || asked.role = any (a.approvers))
        and (a.approvers is null or a.maker_id is null or asked.id is null or a.maker_id <> asked.id)
        and coalesce(asked.invited_by_key not in (coalesce(a.key_family, ''), coalesce(a.created_by ->> 'id', '')), true)
        and not exists (select 1 from votes v where v.approval_id = a.id and v.person_id = asked.id)) limit 1`
  if (full) refuse('TOO_MANY_PENDING')
}
