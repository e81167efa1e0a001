import type { Fragment } from 'postgres'
import { atLeast } from '../../shared/roles.ts'
import type { PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { ApprovalRow } from './approval.ts'

/** What a person is at the moment of deciding. */
export type Decider = Pick<PersonActor, 'id' | 'email' | 'role' | 'invitedByKey'>

/** What an approval says about who decides it by name. */
export type Asked = Pick<ApprovalRow, 'approvers' | 'maker_id' | 'key_family' | 'created_by'>

/**
 * Why a member of the project may not decide by name, as a sentence; undefined when they may. Keys and agents never come
 * here. A person that the asking key, or another key of its agent, invited would be its own creature, so they never decide
 * what it asks.
 */
export function whyNot(who: Decider, asked: Asked): string | undefined {
  if (!atLeast(who.role, 'MEMBER')) return 'Viewers do not decide; an admin of the project can change your role.'
  if (who.invitedByKey !== null && [asked.key_family, asked.created_by.id].includes(who.invitedByKey))
    return 'You were invited by the key that asks this, so somebody else has to decide.'
  if (asked.approvers === null) return undefined
  if (asked.maker_id === who.id)
    return 'You made this request, or the key that asks it, so somebody else has to decide.'
  if (asked.approvers.some((one) => one === who.email || one === `role:${who.role}`)) return undefined
  return 'You are not among those who may decide this.'
}

/** The same rule over the memberships `m` of people `p`, and the approval `a`. */
const rule = (sql: Sql): Fragment => sql`
  m.disabled_at is null and m.role in ('OWNER', 'ADMIN', 'MEMBER')
  and (m.invited_by_key is null or m.invited_by_key not in (coalesce(a.key_family, ''), coalesce(a.created_by ->> 'id', '')))
  and (a.approvers is null
    or (m.person_id is distinct from a.maker_id and (p.email = any (a.approvers) or 'role:' || m.role = any (a.approvers))))`

const peopleOf = (sql: Sql): Fragment => sql`
  memberships m join people p on p.id = m.person_id
  where m.project_id = (select coalesce(own.test_of, own.id) from projects own where own.id = a.project_id)`

/**
 * The rule as a condition of the statement that decides approval `a`. The membership is held until the commit: somebody
 * who is disabled or changes role waits for the decision or is seen by it, whatever the statement itself had to wait for.
 */
export const mayDecideNow = (sql: Sql, personId: string): Fragment => sql`
  exists (select 1 from ${peopleOf(sql)} and m.person_id = ${personId} and ${rule(sql)} for share of m)`

/** The same rule for somebody that a larger statement names, over approval `a`; holds nothing. */
export const isDecider = (sql: Sql, person: Fragment): Fragment => sql`
  exists (select 1 from ${peopleOf(sql)} and m.person_id = ${person} and ${rule(sql)})`

/** How many people may decide an approval right now. */
export async function countDeciders(sql: Sql, approvalId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select (select count(*)::int from ${peopleOf(sql)} and ${rule(sql)}) as count from approvals a where a.id = ${approvalId}`
  return row?.count ?? 0
}

/** Whether a person may decide approval `a`, as SQL over what is known of them; for lists. */
export const mayDecide = (sql: Sql, who: Decider): Fragment =>
  atLeast(who.role, 'MEMBER')
    ? sql`(${who.invitedByKey}::text is null
          or ${who.invitedByKey}::text not in (coalesce(a.key_family, ''), coalesce(a.created_by ->> 'id', '')))
        and (a.approvers is null or (a.maker_id is distinct from ${who.id}
          and a.approvers && array[${who.email}, ${`role:${who.role}`}]::text[]))`
    : sql`false`
