import type { Fragment } from 'postgres'
import { refuse } from '../../shared/errors.ts'
import { atLeast } from '../../shared/roles.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** Who asks for an account: a person of its project, or a key. */
export type Asker = KeyActor | PersonActor

/** Accounts that are wholly somebody's, as a condition over `accounts a`: an admin's, their own, or a key's by its tags. */
function wholly(sql: Sql, asker: Asker): Fragment {
  if (asker.type === 'person')
    return atLeast(asker.role, 'ADMIN') ? sql`true` : sql`a.owner_id is not distinct from ${asker.id}`
  return asker.accountTags === null ? sql`true` : sql`a.tags && ${[...asker.accountTags]}::text[]`
}

/** Whose grants they are, as a condition over `account_grants g`. */
const granted = (sql: Sql, asker: Asker): Fragment =>
  asker.type === 'person' ? sql`g.email = ${asker.email}` : sql`g.key_family = ${asker.family}`

/** Whoever was made a VIEWER of the project gets codes by a grant to manage, until they are more again. */
const grantRole = (sql: Sql, asker: Asker): Fragment =>
  asker.type === 'person' && !atLeast(asker.role, 'MEMBER')
    ? sql`case when g.id is not null then 'viewer' end`
    : sql`g.role`

/**
 * The accounts of the asker's project that they may use, as something to select from: all columns of `accounts`, `whole`
 * (theirs to hand on and delete), and of the grant that lets them otherwise `grant_id`, `grant_role`, `grant_ends`,
 * `codes_max`, `codes_used`, `last_step`; these are null where `whole`. The widest right counts: a grant never narrows.
 */
export const reached = (sql: Sql, asker: Asker): Fragment => sql`
  select a.*, w.whole, g.id as grant_id, ${grantRole(sql, asker)} as grant_role, g.expires_at as grant_ends, g.codes_max, g.codes_used, g.last_step
  from accounts a cross join lateral (select ${wholly(sql, asker)} as whole) w
  left join account_grants g on not w.whole and g.account_id = a.id and ${granted(sql, asker)}
    and (g.expires_at is null or g.expires_at > now())
  where a.project_id = ${asker.projectId} and (w.whole or g.id is not null)`

/** What of a reached account tells who may do what. */
export type Rights = { whole: boolean; grant_role: 'viewer' | 'manager' | null }

/** Refuses NOT_YOUR_ACCOUNT to whoever only gets codes. */
export function mustManage({ whole, grant_role }: Rights): void {
  if (!whole && grant_role !== 'manager') refuse('NOT_YOUR_ACCOUNT')
}

/** Refuses NOT_YOUR_ACCOUNT to whoever may not hand the account on or delete it. */
export function mustOwn({ whole }: Rights): void {
  if (!whole) refuse('NOT_YOUR_ACCOUNT', { sentence: 'Only the owner of this account and admins may do this.' })
}

/**
 * Refuses ONLY_BY_APPROVAL to a key that would change, hand out, or end an account which is marked so: each of them is a way round
 * the people who say yes, a new name among them, which they go by.
 */
export function mustNotBeMarked(asker: Asker, { only_by_approval }: { only_by_approval: boolean }): void {
  if (asker.type === 'key' && only_by_approval)
    refuse('ONLY_BY_APPROVAL', {
      sentence:
        'This account is marked "only by approval": only people change it, and a key gets its codes by an approval.',
    })
}

/** Refuses TAG_NOT_ALLOWED for an account that the key which makes or changes it would not reach by its tags. */
export function mustStayInReach(asker: Asker, tags: readonly string[]): void {
  if (asker.type === 'key' && asker.accountTags && !asker.accountTags.some((tag) => tags.includes(tag)))
    refuse('TAG_NOT_ALLOWED')
}

/**
 * Refuses TAG_NOT_ALLOWED for new tags by which a key would lose an account that is its own by tags, or would make one its own that
 * it only manages by a grant.
 */
export function mustTagWithin(asker: Asker, { whole }: Rights, tags: readonly string[]): void {
  if (whole) mustStayInReach(asker, tags)
  else if (asker.type === 'key' && asker.accountTags?.some((tag) => tags.includes(tag)))
    refuse('TAG_NOT_ALLOWED', {
      sentence: 'The API key manages this account by a grant; it may not give it a tag of its own.',
    })
}
