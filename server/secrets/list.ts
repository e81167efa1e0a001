import { and, desc, eq, gt, ilike, lt, or, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { secrets } from '../../drizzle/schema/index.ts'
import type { contract } from '../../shared/contract/index.ts'
import type { listedSecret, SecretState } from '../../shared/contract/secret.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'

const isDue = sql`(${secrets.state} in ('new', 'viewed') and ${secrets.expiresAt} <= now())`

/** By the database's clock: those whose time is up are expired, whether or not the sweeper has been there. */
const shown = {
  id: secrets.id,
  state: sql<SecretState>`case when ${isDue} then 'expired' else ${secrets.state} end`,
  memo: secrets.memo,
  encryptedBy: secrets.encryptedBy,
  passphrase: secrets.passphrase,
  fileBytes: secrets.fileBytes,
  recipient: secrets.recipient,
  createdAt: secrets.createdAt,
  createdBy: secrets.createdBy,
  expiresAt: secrets.expiresAt,
  endedAt: sql<Date | null>`case when ${isDue} then ${secrets.expiresAt} else ${secrets.endedAt} end`.mapWith(
    secrets.endedAt,
  ),
  contestedAt: secrets.contestedAt,
}

function hasState(state: SecretState | undefined): SQL | undefined {
  if (state === undefined) return undefined
  if (state === 'expired') return sql`(${secrets.state} = 'expired' or ${isDue})`
  return and(eq(secrets.state, state), sql`not ${isDue}`)
}

/** Whose name or shortened address contains the text, letter for letter; or the one of this id. */
function says(q: string | undefined): SQL | undefined {
  if (q === undefined || q === '') return undefined
  const pattern = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
  return or(ilike(secrets.memo, pattern), ilike(secrets.recipient, pattern), eq(secrets.id, q.toUpperCase()))
}

type Row = Pick<
  typeof secrets.$inferSelect,
  | 'id'
  | 'memo'
  | 'encryptedBy'
  | 'passphrase'
  | 'fileBytes'
  | 'recipient'
  | 'createdAt'
  | 'createdBy'
  | 'expiresAt'
  | 'contestedAt'
> & { state: SecretState; endedAt: Date | null }

const present = (row: Row): z.input<typeof listedSecret> => ({
  secret_id: row.id,
  state: row.state,
  memo: row.memo,
  encrypted_by: row.encryptedBy,
  passphrase: row.passphrase,
  file_bytes: row.fileBytes,
  recipient: row.recipient,
  created_at: row.createdAt.toISOString(),
  created_by: row.createdBy,
  expires_at: row.expiresAt.toISOString(),
  ended_at: row.endedAt?.toISOString() ?? null,
  contested: row.contestedAt !== null,
})

/** The project's secrets, newest first: no link and no secret in it, for anyone. */
export const list: Verb<typeof contract.secrets.list> = async (ctx, input) => {
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const rows = await ctx.world.db.orm
    .select(shown)
    .from(secrets)
    .where(
      and(
        eq(secrets.projectId, ctx.actor.projectId),
        gt(secrets.goneAt, sql`now()`),
        hasState(input.state),
        input.mine ? sql`${secrets.createdBy} ->> 'id' = ${ctx.actor.id}` : undefined,
        says(input.q),
        before === undefined ? undefined : lt(secrets.id, before),
      ),
    )
    .orderBy(desc(secrets.id))
    .limit(input.limit + 1)
  return pageOf(rows, input.limit, (row) => row.id, present)
}
