import { z } from 'zod'
import { cursor, id, page, pageLimit } from '../words.ts'
import { endpoint } from './endpoint.ts'
import { exampleWebhook, webhook, webhookFields, webhookId, webhookSecret } from './webhook.ts'
import { webhookDeliveries } from './webhook-deliveries.ts'

const family = { tag: 'Webhooks', limit: 'everything else' } as const

const exampleSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** Events by signed POSTs, as Standard Webhooks says. */
export const webhooks = {
  create: endpoint({
    ...family,
    method: 'POST',
    path: '/webhooks',
    summary: 'Create a webhook',
    description:
      'From now on events are POSTed to `url`, each at least once, signed as Standard Webhooks says: `webhook-id` (the event’s id, the same at every try), `webhook-timestamp`, `webhook-signature`. A body holds `type`, `timestamp`, `data`, and `audit_head`, the newest signed head of the audit log; never a value, PIN, link or key. Anything but a 2xx is tried again for about four days, with growing pauses; 410 ends it. At most 20 in a project. Webhooks tell of everything, so a key needs `audit:read` beside `settings:write`.',
    access: 'settings:write',
    status: 201,
    idempotent: true,
    fresh: true,
    input: z.strictObject({
      url: webhookFields.url,
      description: webhookFields.description.default(''),
      events: webhookFields.events.default(null),
    }),
    output: webhook
      .extend({ secret: webhookSecret })
      .meta({ id: 'CreatedWebhook', description: 'A new webhook with its signing secret.' }),
    errors: ['TOO_MANY_WEBHOOKS', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      input: { url: exampleWebhook.url, description: 'Deploy pipeline', events: exampleWebhook.events },
      output: { ...exampleWebhook, secret: exampleSecret },
    },
  }),
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/webhooks',
    summary: 'List webhooks',
    description: 'Newest first. People need the role ADMIN.',
    access: 'settings:read',
    status: 200,
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: page(webhook),
    errors: ['INSUFFICIENT_ROLE', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: { output: { items: [exampleWebhook], next_cursor: null } },
  }),
  get: endpoint({
    ...family,
    method: 'GET',
    path: '/webhooks/{webhook_id}',
    summary: 'Read a webhook',
    description: 'Where it is, what it is told of, and whether deliveries work.',
    access: 'settings:read',
    status: 200,
    input: z.strictObject({ webhook_id: webhookId }),
    output: webhook,
    errors: ['NOT_FOUND', 'INSUFFICIENT_ROLE', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: { output: exampleWebhook },
  }),
  update: endpoint({
    ...family,
    method: 'PATCH',
    path: '/webhooks/{webhook_id}',
    summary: 'Change a webhook',
    description:
      'Only the fields that are sent change. Switched off, what waits for it fails; `replay` sends it once it is on again.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({
      webhook_id: webhookId,
      url: webhookFields.url.optional(),
      description: webhookFields.description.optional(),
      events: webhookFields.events.optional(),
      enabled: z.boolean().optional(),
    }),
    output: webhook,
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      input: { enabled: false },
      output: { ...exampleWebhook, enabled: false, disabled_for: 'by_hand' },
    },
  }),
  delete: endpoint({
    ...family,
    method: 'DELETE',
    path: '/webhooks/{webhook_id}',
    summary: 'Delete a webhook',
    description: 'With its deliveries, for good. What is on its way to it is not sent any more.',
    access: 'settings:write',
    status: 204,
    input: z.strictObject({ webhook_id: webhookId }),
    output: z.void(),
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED'],
    example: {},
  }),
  rotate: endpoint({
    ...family,
    method: 'POST',
    path: '/webhooks/{webhook_id}/rotate',
    summary: 'Rotate the secret',
    description:
      'Makes a new secret. Until the grace is over deliveries bear two signatures, one by each; a secret from before the last rotation signs no more.',
    access: 'settings:write',
    status: 200,
    idempotent: true,
    fresh: true,
    input: z.strictObject({
      webhook_id: webhookId,
      grace_seconds: z
        .number()
        .int()
        .min(0)
        .max(604_800)
        .default(86_400)
        .meta({ description: 'Seconds that the secret from before signs as well.' }),
    }),
    output: z
      .strictObject({ id, secret: webhookSecret, rotates_until: webhook.shape.rotates_until })
      .meta({ id: 'RotatedWebhook', description: 'The new signing secret.' }),
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      input: { grace_seconds: 86_400 },
      output: { id: exampleWebhook.id, secret: exampleSecret, rotates_until: '2025-01-02T12:20:00.000Z' },
    },
  }),
  test: endpoint({
    ...family,
    method: 'POST',
    path: '/webhooks/{webhook_id}/test',
    summary: 'Send a test event',
    description:
      'Sends `webhook.test` right now, once, and answers what came back within 7 s. Also while the webhook is disabled.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({ webhook_id: webhookId }),
    output: z.strictObject({
      event_id: id,
      delivered: z.boolean(),
      status: z.number().int().nullable().meta({ description: 'HTTP status that came back; null: none did.' }),
      error: z.string().nullable().meta({ description: 'Why it did not arrive, as a code; null: it did.' }),
      ms: z.number().int(),
    }),
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      output: { event_id: '01BX5ZZKBKACTAV9WEVGEMMVRZ', delivered: true, status: 204, error: null, ms: 41 },
    },
  }),
  ...webhookDeliveries,
}
