import type { contract } from '../../shared/contract/index.ts'
import type { Ctx } from '../context.ts'
import type { Verb } from '../verb.ts'
import { openMetadataKey } from './sealing.ts'
import { metadataOf, type SecretRow, secretColumns, wrappedAt } from './secret.ts'

/** How many it shows (seed 4's has no pages). */
const most = 50

/** `metadata_key` for the key whose text came with the request; null for everybody else. */
function metadataKeyOf(ctx: Ctx, row: SecretRow): string | null {
  if (ctx.keyText === undefined || row.sealed_metadata_key === null) return null
  return openMetadataKey(ctx.world, wrappedAt(row), ctx.keyText, row.sealed_metadata_key)
}

/** The newest secrets that this key, or this person, made. Answers to asks have no receipt, and are not among them. */
export const recent: Verb<typeof contract.secrets.recent> = async (ctx) => {
  const { actor, world } = ctx
  const { sql } = world.db
  const made =
    actor.type === 'key'
      ? sql`s.key_id = ${actor.id}`
      : sql`s.created_by ->> 'type' = 'person' and s.created_by ->> 'id' = ${actor.id}`
  const rows = await sql<SecretRow[]>`
    select ${secretColumns(sql)} from secrets s join projects p on p.id = s.project_id
    where s.project_id = ${actor.projectId} and ${made} and s.metadata_digest is not null and s.gone_at > now()
    order by s.id desc limit ${most}`
  return rows.map((row) => metadataOf(row, { metadataKey: metadataKeyOf(ctx, row), secretKey: null }))
}
