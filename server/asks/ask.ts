import type { z } from 'zod'
import type { askStatus } from '../../shared/contract/asks.ts'
import type { ActorRef } from '../../shared/words.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { normalLinkToken } from '../lib/token.ts'
import type { World } from '../world.ts'

export type AskStatus = z.infer<typeof askStatus>

/** How an ask's link is kept and found. */
export const askDigest = (world: World, token: string): Buffer =>
  hmac(world.keys.pepper, `ask link ${normalLinkToken(token)}`)

/** An ask as its link's holder needs it. `status` and `ended_at` are as the database's clock sees them at this read. */
export type AskRow = {
  id: string
  project_id: string
  project: string
  status: AskStatus
  title: string
  note: string | null
  encrypted_by: 'server' | 'browser'
  custid: string
  answer_digest: Uint8Array
  public_key: Uint8Array
  answer_ttl: number
  notify: Uint8Array | null
  created_at: Date
  created_by: ActorRef
  expires_at: Date
  ended_at: Date | null
  now: Date
}

/** The ask behind a link. */
export async function findByToken(sql: Sql, digest: Uint8Array): Promise<AskRow | undefined> {
  const isDue = sql`(a.status = 'open' and a.expires_at <= now())`
  const [row] = await sql<AskRow[]>`
    select a.id, a.project_id, p.name as project, case when ${isDue} then 'expired' else a.status end as status, a.title, a.note,
      a.encrypted_by, a.custid, a.answer_digest, a.public_key, a.answer_ttl, a.notify, a.created_at, a.created_by, a.expires_at,
      case when ${isDue} then a.expires_at else a.ended_at end as ended_at, now()
    from asks a join projects p on p.id = a.project_id
    where a.token_digest = ${digest}`
  return row
}
