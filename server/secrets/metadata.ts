import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { metadataDigest } from './sealing.ts'
import { findByReceipt, receiptOf } from './secret.ts'

/** Marks a new secret of the actor's project as viewed; at most one who comes does it, and tells of it. */
async function markViewed(ctx: Ctx, projectId: string, digest: Uint8Array): Promise<void> {
  const { sql } = ctx.world.db
  await sql`
    with viewed as (
      update secrets set state = 'viewed', updated_at = now()
      where metadata_digest = ${digest} and project_id = ${projectId} and state = 'new' and expires_at > now()
      returning id, project_id
    ), told as (${telling(sql, ctx, {
      name: 'secret.viewed',
      target: sql`'secret:' || id`,
      payload: sql`jsonb_build_object('secret_id', id)`,
      from: sql`viewed`,
    })})
    select 1`
}

/** What became of a secret, for who made it (seed 4). Marks a new one as viewed, unless a GET came, which changes nothing. */
export const metadata: Verb<typeof contract.secrets.metadata> = async (ctx, { metadata_key: metadataKey }) => {
  const { projectId } = ctx.actor
  const digest = metadataDigest(ctx.world, metadataKey)
  if (!ctx.safe) await markViewed(ctx, projectId, digest)
  const row = await findByReceipt(ctx.world.db.sql, digest)
  // Seed 4's clients know an unknown receipt by these words.
  if (row?.project_id !== projectId) return refuse('NOT_FOUND', { sentence: 'Not Found' })
  return receiptOf(row, metadataKey)
}
