import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import type { Role } from '../../shared/roles.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** A person of a project, or an invitation into it that nobody has used or revoked. `at`: since when. */
export type UserRow = {
  id: string
  kind: 'person' | 'invitation'
  email: string
  name: string | null
  role: Role
  status: 'active' | 'disabled' | 'pending' | 'expired'
  at: Date
  joined_at: Date | null
  invited_at: Date | null
  invited_by: ActorRef | null
  expires_at: Date | null
  last_seen_at: Date | null
}

/** Everybody of a project, as a table to select from. */
const everybody = (sql: Sql, projectId: string) => sql`
  select m.person_id as id, 'person' as kind, p.email, p.name, m.role,
    case when m.disabled_at is null then 'active' else 'disabled' end as status, m.joined_at as at, m.joined_at,
    i.created_at as invited_at, i.created_by as invited_by, null::timestamptz as expires_at,
    (select max(seen_at) from sessions s where s.person_id = p.id) as last_seen_at
  from memberships m join people p on p.id = m.person_id
  left join lateral (
    select created_at, created_by from invitations
    where project_id = m.project_id and email = p.email and accepted_at is not null order by accepted_at desc limit 1
  ) i on true
  where m.project_id = ${projectId}
  union all
  select id, 'invitation', email, null, role, case when expires_at > now() then 'pending' else 'expired' end, created_at,
    null, created_at, created_by, expires_at, null
  from invitations where project_id = ${projectId} and accepted_at is null and revoked_at is null`

type Slice = { q: string | undefined; before: { at: string; id: string } | undefined; limit: number }

/** People and open invitations, newest first; `q` is part of a name or address in any case, and has no wildcards. */
export function listUsers(sql: Sql, projectId: string, { q = '', before, limit }: Slice): Promise<UserRow[]> {
  // As text: the driver makes a Date of what it takes for an instant, and 'infinity' is none.
  const [at, id] = [before?.at ?? 'infinity', before?.id ?? '']
  return sql<UserRow[]>`
    select * from (${everybody(sql, projectId)}) everybody
    where (at, id) < (${at}::text::timestamptz, ${id}::text)
      and (strpos(lower(email), lower(${q})) > 0 or strpos(lower(coalesce(name, '')), lower(${q})) > 0)
    order by at desc, id desc limit ${limit}`
}

/** One of them; throws when there is none of this id. */
export async function readUser(sql: Sql, projectId: string, id: string): Promise<UserRow> {
  const [row] = await sql<UserRow[]>`select * from (${everybody(sql, projectId)}) everybody where id = ${id}`
  if (!row) throw new Error('This person is not of the project.')
  return row
}

const told = (time: Date | null) => time?.toISOString() ?? null

/** A row as the API tells it. */
export const presentUser = ({ at: _, ...row }: UserRow): z.input<typeof contract.users.setRole.output> => ({
  ...row,
  joined_at: told(row.joined_at),
  invited_at: told(row.invited_at),
  expires_at: told(row.expires_at),
  last_seen_at: told(row.last_seen_at),
})
