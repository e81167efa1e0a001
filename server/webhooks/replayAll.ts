import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { replayEvents, replayFailed } from './replaying.ts'
import { findWebhook, projectFor } from './webhook.ts'

/** Sends the events of a time to a webhook again, or those that failed. Tells of it once, with how many. */
export const replayAll: Verb<typeof contract.webhooks.replayAll> = (ctx, { webhook_id, since, until, failed_only }) =>
  atomically(ctx.world.db.sql, async (tx) => {
    const projectId = projectFor(ctx.actor)
    const row = (await findWebhook(tx, projectId, webhook_id)) ?? refuse('NOT_FOUND')
    if (row.disabled_at) refuse('WEBHOOK_DISABLED')
    const { events, through, more } = await (failed_only ? replayFailed : replayEvents)(tx, row, since, until ?? null)
    const payload = { webhook_id: row.id, description: row.description, events }
    if (events > 0) await record(tx, ctx, { name: 'webhook.replayed', projectId, target: `webhook:${row.id}`, payload })
    return { events, through: through?.toISOString() ?? null, more }
  })
