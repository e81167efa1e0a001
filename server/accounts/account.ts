import type { z } from 'zod'
import type { account, GrantRole } from '../../shared/contract/account.ts'
import { refuse } from '../../shared/errors.ts'
import type { Algorithm } from '../../shared/totp.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { type Asker, reached } from './reach.ts'

/** An account as whoever asks may see it; what of it is theirs stands beside. */
export type AccountRow = {
  id: string
  project_id: string
  name: string
  issuer: string
  tags: string[]
  algorithm: Algorithm
  digits: number
  period: number
  seed: Uint8Array
  key_version: number
  only_by_approval: boolean
  owner_id: string | null
  owner_name: string | null
  owner_email: string | null
  created_at: Date
  created_by: ActorRef
  updated_at: Date
  whole: boolean
  grant_id: string | null
  grant_role: GrantRole | null
  grant_ends: Date | null
  codes_max: number | null
  codes_used: number | null
}

/** Reached accounts with their owners, as something to select from. */
export const shownTo = (sql: Sql, asker: Asker) => sql`
  select a.*, p.name as owner_name, p.email as owner_email
  from (${reached(sql, asker)}) a left join people p on p.id = a.owner_id`

/** An account that the asker may use. Refuses NOT_FOUND: unknown, another project's, or not theirs to use. */
export async function findAccount(sql: Sql, asker: Asker, id: string): Promise<AccountRow> {
  const [row] = await sql<AccountRow[]>`select * from (${shownTo(sql, asker)}) shown where id = ${id}`
  return row ?? refuse('NOT_FOUND', { sentence: 'There is no such account among those you may use.' })
}

const access = ({ whole, grant_role, grant_ends, codes_max, codes_used }: AccountRow) => ({
  role: whole ? ('manager' as const) : (grant_role ?? ('viewer' as const)),
  codes: codes_max === null ? null : { max: codes_max, left: codes_max - (codes_used ?? 0) },
  expires_at: grant_ends?.toISOString() ?? null,
})

/** An account as the API tells it. */
export const presentAccount = (row: AccountRow): z.input<typeof account> => ({
  id: row.id,
  name: row.name,
  issuer: row.issuer,
  tags: row.tags,
  algorithm: row.algorithm,
  digits: row.digits,
  period: row.period,
  owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? '', email: row.owner_email ?? '' },
  access: access(row),
  only_by_approval: row.only_by_approval,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
  updated_at: row.updated_at.toISOString(),
})
