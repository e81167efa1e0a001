import { z } from 'zod'
import { cursor, id, page, pageLimit, time } from '../words.ts'
import { endpoint } from './endpoint.ts'
import { delivery, deliveryDetail, deliveryFilter, exampleDelivery, webhookId } from './webhook.ts'

const family = { tag: 'Webhooks', limit: 'everything else' } as const

const event_id = id.meta({ description: 'Id of the event: `webhook-id` of the delivery.' })

/** What was sent to a webhook, and sending it again. */
export const webhookDeliveries = {
  deliveries: endpoint({
    ...family,
    method: 'GET',
    path: '/webhooks/{webhook_id}/deliveries',
    summary: 'List deliveries',
    description: 'Newest first. What ended is kept for 30 days.',
    access: 'settings:read',
    status: 200,
    input: z.strictObject({ webhook_id: webhookId, ...deliveryFilter, limit: pageLimit, cursor: cursor.optional() }),
    output: page(delivery),
    errors: ['NOT_FOUND', 'INSUFFICIENT_ROLE', 'KEY_PATH_NOT_ALLOWED'],
    example: { output: { items: [exampleDelivery], next_cursor: null } },
  }),
  delivery: endpoint({
    ...family,
    method: 'GET',
    path: '/webhooks/{webhook_id}/deliveries/{event_id}',
    summary: 'Read a delivery',
    description: 'With its body, and what came of each try.',
    access: 'settings:read',
    status: 200,
    input: z.strictObject({ webhook_id: webhookId, event_id }),
    output: deliveryDetail,
    errors: ['NOT_FOUND', 'INSUFFICIENT_ROLE', 'KEY_PATH_NOT_ALLOWED'],
    example: {
      output: {
        ...exampleDelivery,
        body: '{"type":"approval.executed","timestamp":"2025-01-01T12:21:00.000Z","data":{},"audit_head":null}',
        tries: [{ number: 1, at: '2025-01-01T12:21:01.000Z', ms: 41, status: 204, error: null, response: '' }],
      },
    },
  }),
  replay: endpoint({
    ...family,
    method: 'POST',
    path: '/webhooks/{webhook_id}/deliveries/{event_id}/replay',
    summary: 'Send an event again',
    description:
      'The same body under the same `webhook-id`, with all tries anew. Also an event that was never sent to this webhook.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({ webhook_id: webhookId, event_id }),
    output: delivery,
    errors: ['NOT_FOUND', 'WEBHOOK_DISABLED', 'KEY_PATH_NOT_ALLOWED'],
    example: {
      output: { ...exampleDelivery, status: 'waiting', next_at: '2025-01-01T12:30:00.000Z', ended_at: null },
    },
  }),
  replayAll: endpoint({
    ...family,
    method: 'POST',
    path: '/webhooks/{webhook_id}/replay',
    summary: 'Send all events of a time again',
    description:
      'Oldest first, at most 10 000 at once: while `more` is true, call again with `through` as `since`. Takes the events that the webhook wants now, also from before it existed or while it was disabled. `failed_only`: only those whose delivery failed.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({
      webhook_id: webhookId,
      since: time,
      until: time.optional().meta({ description: 'Before this; without it, until now.' }),
      failed_only: z.boolean().default(false),
    }),
    output: z.strictObject({
      events: z.number().int().meta({ description: 'How many are sent.' }),
      through: time.nullable().meta({ description: 'When the last of them happened; null: there were none.' }),
      more: z.boolean().meta({ description: 'There are later ones, which are not sent.' }),
    }),
    errors: ['NOT_FOUND', 'WEBHOOK_DISABLED', 'KEY_PATH_NOT_ALLOWED'],
    example: {
      input: { since: '2025-01-01T00:00:00.000Z', failed_only: true },
      output: { events: 42, through: '2025-01-01T11:59:00.000Z', more: false },
    },
  }),
}
