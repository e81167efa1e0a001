import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'

type Ended = { project_id: string; ids: string[] }

const isHome = (sql: Sql, projectId: string) =>
  sql`in (select id from projects where id = ${projectId} or test_of = ${projectId})`

/** Tells, in the live project and in its twin, which accounts somebody has nothing of any more. */
async function tell(tx: Sql, ctx: Ctx, to: string, ended: readonly Ended[]): Promise<void> {
  for (const projectId of new Set(ended.map((one) => one.project_id))) {
    const ids = new Set(ended.flatMap((one) => (one.project_id === projectId ? one.ids : [])))
    const account_ids = [...ids].sort()
    const target = account_ids.length === 1 ? `account:${account_ids[0]}` : `project:${projectId}`
    await record(tx, ctx, { name: 'account.access_ended', projectId, target, payload: { account_ids, to } })
  }
}

/** Ends every grant of an address, locked in the order in which looks by count lock them. */
const endGrants = (tx: Sql, projectId: string, email: string) => tx<Ended[]>`
  with theirs as materialized (
    select id from account_grants where email = ${email} and project_id ${isHome(tx, projectId)} order by id for update
  ), gone as (
    delete from account_grants g using theirs where g.id = theirs.id returning g.project_id, g.account_id
  )
  select project_id, array_agg(account_id) as ids from gone group by project_id`

/**
 * Ends what a person has of accounts in a project and its twin: their grants, and what is theirs becomes nobody's, for admins to see
 * to. In the transaction that ended their membership, so that nobody grants them anything meanwhile. Accounts are locked
 * before grants, as by whoever grants.
 */
export async function endAccessOf(tx: Sql, ctx: Ctx, projectId: string, personId: string): Promise<void> {
  const [person] = await tx<{ email: string }[]>`select email from people where id = ${personId}`
  if (!person) return
  const owned = await tx<Ended[]>`
    with mine as materialized (
      select id from accounts where owner_id = ${personId} and project_id ${isHome(tx, projectId)} order by id for no key update
    ), gone as (
      update accounts a set owner_id = null, updated_at = now() from mine where a.id = mine.id returning a.project_id, a.id
    )
    select project_id, array_agg(id) as ids from gone group by project_id`
  await tell(tx, ctx, person.email, [...owned, ...(await endGrants(tx, projectId, person.email))])
}

/** Ends the grants of an address whose invitation was revoked, unless it is an active member's. In that transaction. */
export async function endAccessOfInvited(tx: Sql, ctx: Ctx, projectId: string, email: string): Promise<void> {
  const [member] = await tx`
    select 1 from memberships m join people p on p.id = m.person_id
    where m.project_id = ${projectId} and p.email = ${email} and m.disabled_at is null`
  if (!member) await tell(tx, ctx, email, await endGrants(tx, projectId, email))
}
