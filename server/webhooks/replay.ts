import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { replayOne } from './replaying.ts'
import { findSent, shownSent } from './sent.ts'
import { findWebhook, projectFor } from './webhook.ts'

/** Sends one event to a webhook again, or for the first time. */
export const replay: Verb<typeof contract.webhooks.replay> = (ctx, { webhook_id, event_id }) =>
  atomically(ctx.world.db.sql, async (tx) => {
    const projectId = projectFor(ctx.actor)
    const row = (await findWebhook(tx, projectId, webhook_id)) ?? refuse('NOT_FOUND')
    if (row.disabled_at) refuse('WEBHOOK_DISABLED')
    if (!(await replayOne(tx, row, event_id))) refuse('NOT_FOUND')
    const payload = { webhook_id: row.id, description: row.description, events: 1 }
    await record(tx, ctx, { name: 'webhook.replayed', projectId, target: `webhook:${row.id}`, payload })
    return shownSent((await findSent(tx, row.id, event_id)) ?? refuse('NOT_FOUND'))
  })
