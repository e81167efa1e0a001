import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { asks } from '../../drizzle/schema/index.ts'
import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import type { AskStatus } from './ask.ts'

const isDue = sql`(${asks.status} = 'open' and ${asks.expiresAt} <= now())`

/** By the database's clock: open asks whose time is up have expired already. */
const shown = {
  id: asks.id,
  status: sql<AskStatus>`case when ${isDue} then 'expired' else ${asks.status} end`,
  title: asks.title,
  encryptedBy: asks.encryptedBy,
  createdAt: asks.createdAt,
  createdBy: asks.createdBy,
  expiresAt: asks.expiresAt,
  endedAt: sql<Date | null>`case when ${isDue} then ${asks.expiresAt} else ${asks.endedAt} end`.mapWith(asks.endedAt),
  secretId: asks.secretId,
}

function hasStatus(status: AskStatus | undefined): SQL | undefined {
  if (status === undefined) return undefined
  if (status === 'open') return and(eq(asks.status, 'open'), sql`${asks.expiresAt} > now()`)
  if (status === 'expired') return sql`(${asks.status} = 'expired' or ${isDue})`
  return eq(asks.status, status)
}

/** The project's asks, newest first, without their links. */
export const list: Verb<typeof contract.asks.list> = async (ctx, input) => {
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const rows = await ctx.world.db.orm
    .select(shown)
    .from(asks)
    .where(
      and(
        eq(asks.projectId, ctx.actor.projectId),
        hasStatus(input.status),
        before === undefined ? undefined : lt(asks.id, before),
      ),
    )
    .orderBy(desc(asks.id))
    .limit(input.limit + 1)
  return pageOf(
    rows,
    input.limit,
    (row) => row.id,
    (row) => ({
      ask_id: row.id,
      status: row.status,
      title: row.title,
      encrypted_by: row.encryptedBy,
      created_at: row.createdAt.toISOString(),
      created_by: row.createdBy,
      expires_at: row.expiresAt.toISOString(),
      ended_at: row.endedAt?.toISOString() ?? null,
      secret_id: row.secretId,
    }),
  )
}
