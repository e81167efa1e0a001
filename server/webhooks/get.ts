import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findWebhook, projectFor, shownWebhook } from './webhook.ts'

/** Where a webhook is, what it is told of, and whether deliveries work. */
export const get: Verb<typeof contract.webhooks.get> = async ({ world, actor }, { webhook_id }) => {
  const row = await findWebhook(world.db.sql, projectFor(actor), webhook_id)
  return row ? shownWebhook(world, row) : refuse('NOT_FOUND')
}
