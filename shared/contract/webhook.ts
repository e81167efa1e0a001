import { z } from 'zod'
import { events } from '../events.ts'
import { actorRef, id, secret, text, time } from '../words.ts'

const names = Object.keys(events) as [keyof typeof events, ...(keyof typeof events)[]] // the keys of a literal object are exactly its type's keys

export const webhookId = id.meta({ description: 'Id of the webhook.' })

/** What its maker says of a webhook. */
export const webhookFields = {
  url: secret(text(2048)).meta({
    type: 'string',
    example: 'https://hooks.example.com/countersign',
    description:
      'Where events are sent: https, at a public address. An operator can allow receivers inside with `OUTBOUND_ALLOW`.',
  }),
  description: text(200).meta({ example: 'Deploy pipeline', description: 'What people call it.' }),
  events: z
    .array(z.enum(names))
    .min(1, 'Choose at least one.')
    .max(names.length)
    .transform((given) => [...new Set(given)])
    .nullable()
    .meta({
      example: ['approval.executed', 'approval.expired'],
      description: 'Names of the events that it is told of; null: all.',
    }),
}

const status = z.enum(['waiting', 'delivered', 'failed'])

export const deliveryFilter = {
  status: status.optional(),
  event: z
    .enum([...names, 'webhook.test'])
    .optional()
    .meta({ description: 'Name of the event; `webhook.test` is a test.' }),
}

export const webhook = z
  .strictObject({
    id,
    url: webhookFields.url,
    description: z.string(),
    events: z.array(z.string()).nullable().meta({ description: 'Events that it is told of; null: all.' }),
    enabled: z.boolean(),
    disabled_for: z.enum(['by_hand', 'gone', 'failing']).nullable().meta({
      description: '`gone`: it answered 410. `failing`: nothing could be delivered for five days.',
    }),
    failing_since: time
      .nullable()
      .meta({ description: 'Since when every try has failed; null: the last one did not.' }),
    rotates_until: time
      .nullable()
      .meta({ description: 'Until when the secret from before signs as well; null: only one does.' }),
    created_at: time,
    created_by: actorRef,
  })
  .meta({ id: 'Webhook', description: 'An endpoint of yours that is told of events by signed POSTs.' })

export const webhookSecret = secret(z.string()).meta({
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  description: 'What deliveries are signed with (Standard Webhooks), shown here and never again.',
})

const lastOf = {
  last_status: z.number().int().nullable().meta({ description: 'HTTP status of the last try; null: none came.' }),
  last_error: z
    .string()
    .nullable()
    .meta({ example: 'TIMEOUT', description: 'Why the last try did not count, as a code; null: it did.' }),
}

const deliveryFields = {
  event_id: id,
  event: z.string(),
  status: status.meta({ description: '`waiting`: it is tried, or tried again, at `next_at`.' }),
  attempts: z.number().int(),
  created_at: time,
  next_at: time.nullable().meta({ description: 'Next try; null: there is none.' }),
  ended_at: time.nullable(),
  ...lastOf,
}

export const delivery = z
  .strictObject(deliveryFields)
  .meta({ id: 'WebhookDelivery', description: 'One event on its way to one webhook.' })

const attempt = z.strictObject({
  number: z.number().int(),
  at: time,
  ms: z.number().int().meta({ description: 'How long it took.' }),
  status: z.number().int().nullable().meta({ description: 'HTTP status of the reply; null: none came.' }),
  error: z.string().nullable().meta({ description: 'Why it did not count, as a code; null: it did.' }),
  response: secret(z.string()).nullable().meta({ description: 'First 2 KiB of the reply’s body.' }),
})

export const deliveryDetail = z
  .strictObject({
    ...deliveryFields,
    body: secret(z.string())
      .nullable()
      .meta({ description: 'The body as it is sent, the same at every try; null: not tried yet.' }),
    tries: z.array(attempt),
  })
  .meta({ id: 'WebhookDeliveryDetail', description: 'A delivery with its body, and what came of each try.' })

export const exampleWebhook = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  url: 'https://hooks.example.com/countersign',
  description: 'Deploy pipeline',
  events: ['approval.executed', 'approval.expired'],
  enabled: true,
  disabled_for: null,
  failing_since: null,
  rotates_until: null,
  created_at: '2025-01-01T12:20:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', name: 'Ana Silva' },
} as const

export const exampleDelivery = {
  event_id: '01BX5ZZKBKACTAV9WEVGEMMVRZ',
  event: 'approval.executed',
  status: 'delivered',
  attempts: 1,
  created_at: '2025-01-01T12:21:00.000Z',
  next_at: null,
  ended_at: '2025-01-01T12:21:01.000Z',
  last_status: 204,
  last_error: null,
} as const
