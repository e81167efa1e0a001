import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { GrantRole, permission } from '../../shared/contract/account.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Grantee } from './grantee.ts'

type Shown = z.input<typeof permission>

/** A grant as whoever may grant sees it. */
export type GrantRow = {
  id: string
  email: string | null
  person_name: string | null
  key_id: string | null
  key_name: string | null
  role: GrantRole
  status: Exclude<Shown['status'], 'revoked'>
  expires_at: Date | null
  codes_max: number | null
  codes_used: number
  granted_at: Date
  granted_by: ActorRef
}

/**
 * Grants with whom they are for and where they stand, as something to select from; `which` is a condition over
 * `account_grants g`. A key's grant is named by the newest key of its line that lives. Whoever is neither a member nor
 * invited any more, and a line that ended, have nothing of it.
 */
const grantsWhere = (sql: Sql, which: Fragment): Fragment => sql`
  select g.id, g.email, member.name as person_name, k.id as key_id, k.name as key_name, g.role, g.expires_at, g.codes_max,
    g.codes_used, g.granted_at, g.granted_by,
    case when g.codes_used >= g.codes_max then 'used' when g.expires_at <= now() then 'expired'
      when member.name is not null or k.lives then 'active' when invited.id is not null then 'invited'
      else 'expired' end as status
  from account_grants g
  join projects p on p.id = g.project_id
  left join lateral (
    select person.name from memberships m join people person on person.id = m.person_id
    where m.project_id = coalesce(p.test_of, p.id) and person.email = g.email and m.disabled_at is null) as member on true
  left join invitations invited on invited.project_id = coalesce(p.test_of, p.id) and invited.email = g.email
    and invited.accepted_at is null and invited.revoked_at is null and invited.expires_at > now()
  left join lateral (
    select id, name, revoked_at is null and coalesce(expires_at > now(), true) as lives from api_keys
    where project_id = g.project_id and family = g.key_family order by lives desc, id desc limit 1) as k on true
  where ${which}`

/** Which grant of an account is a grantee's, as a condition over `account_grants g`. */
const ofGrantee = (sql: Sql, accountId: string, { email, family }: Grantee): Fragment =>
  sql`g.account_id = ${accountId} and ${email === null ? sql`g.key_family = ${family}` : sql`g.email = ${email}`}`

/** The grant that a grantee has of an account, also one that has ended by itself. */
export async function grantOf(sql: Sql, accountId: string, grantee: Grantee): Promise<GrantRow | undefined> {
  const [row] = await sql<GrantRow[]>`${grantsWhere(sql, ofGrantee(sql, accountId, grantee))}`
  return row
}

/** The newest grants of an account; `before` is when and which the last one of the page before was. */
export const grantsOf = (sql: Sql, accountId: string, before: readonly [string, string] | undefined, limit: number) =>
  sql<GrantRow[]>`
    ${grantsWhere(
      sql,
      before
        ? sql`g.account_id = ${accountId} and (g.granted_at, g.id) < (${before[0]}::timestamptz, ${before[1]}::text)`
        : sql`g.account_id = ${accountId}`,
    )} order by g.granted_at desc, g.id desc limit ${limit}`

/** A grant as the API tells it. */
export const presentGrant = (row: GrantRow): Shown => ({
  id: row.id,
  email: row.email,
  key: row.key_id === null ? null : { id: row.key_id, name: row.key_name ?? '' },
  name: row.person_name ?? row.key_name,
  role: row.role,
  status: row.status,
  codes: row.codes_max === null ? null : { max: row.codes_max, left: row.codes_max - row.codes_used },
  expires_at: row.expires_at?.toISOString() ?? null,
  granted_at: row.granted_at.toISOString(),
  granted_by: row.granted_by,
})
