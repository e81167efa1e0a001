import type { Group } from '../../drizzle/schema/approvals.ts'
import type { Role } from '../../shared/roles.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** What somebody said so far, and what they are in the project now; `role` null: they may no longer decide this. */
export type Vote = {
  person_id: string
  by: ActorRef
  action: string
  comment: string | null
  at: string
  email: string
  role: Role | null
}

type Person = Pick<Vote, 'email' | 'role'>

const isOf = (group: Group, { email, role }: Person): boolean =>
  role !== null && group.any_of.some((one) => one === email || one === `role:${role}`)

/**
 * How many of these people count in each group, when each counts in one only and as many places as can be are filled: a
 * largest matching (augmenting paths) of people to places.
 */
export function placesFilled(groups: readonly Group[], people: readonly Person[]): number[] {
  const places = groups.flatMap((group, of) => Array.from({ length: group.required }, () => ({ group, of })))
  const holder = new Map<number, Person>()
  const seat = (person: Person, tried: Set<number>): boolean =>
    places.some(({ group }, place) => {
      if (tried.has(place) || !isOf(group, person)) return false
      tried.add(place)
      const there = holder.get(place)
      if (there && !seat(there, tried)) return false
      holder.set(place, person)
      return true
    })
  for (const person of people) seat(person, new Set())
  return groups.map((_, of) => places.filter((place, at) => place.of === of && holder.has(at)).length)
}

/** How far the action is that most agree on, by group; `actions` in the order of their buttons, which settles draws. */
export function furthest(groups: readonly Group[], votes: readonly Vote[], actions: readonly string[]) {
  const tallies = actions.map((action) => {
    const have = placesFilled(
      groups,
      votes.filter((vote) => vote.action === action),
    )
    return { action, have, sum: have.reduce((sum, one) => sum + one, 0) }
  })
  return tallies.reduce((best, one) => (one.sum > best.sum ? one : best), {
    action: null,
    have: groups.map(() => 0),
    sum: 0,
  } as {
    action: string | null
    have: number[]
    sum: number
  })
}

/** True when every group has reached its count. */
export const isReached = (groups: readonly Group[], have: readonly number[]): boolean =>
  groups.every((group, at) => (have[at] ?? 0) >= group.required)

/**
 * The votes of approval `a` as JSON, oldest first; null where one person decides. Whoever left, became a viewer, or is the
 * requester's own creature keeps their vote and does not count (the rule of `right.ts`).
 */
export const votesOf = (sql: Sql) => sql`
  case when a.groups is not null then coalesce((
    select jsonb_agg(jsonb_build_object('person_id', v.person_id, 'by', v.by, 'action', v.action, 'comment', v.comment,
      'at', to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'email', who.email, 'role', m.role)
      order by v.at, v.person_id)
    from votes v join people who on who.id = v.person_id
    left join memberships m on m.person_id = v.person_id and m.disabled_at is null
      and m.role in ('OWNER', 'ADMIN', 'MEMBER') and v.person_id is distinct from a.maker_id
      and m.project_id = (select coalesce(own.test_of, own.id) from projects own where own.id = a.project_id)
      and (m.invited_by_key is null
        or m.invited_by_key not in (coalesce(a.key_family, ''), coalesce(a.created_by ->> 'id', '')))
    where v.approval_id = a.id), '[]'::jsonb) end`
