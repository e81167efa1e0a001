import { z } from 'zod'
import { id, secret, text, time } from '../words.ts'
import { mutation, query } from './endpoint.ts'

const base64url = (bytes: number, what: string) =>
  secret(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, what)
      .length(Math.ceil((bytes * 8) / 6), what),
  )

const browser = z.strictObject({ id, name: z.string(), created_at: time, failing: z.boolean() })

/** Notifications of a browser (RFC 8030): of what waits for a person’s decision in a project, and of its end. */
export const push = {
  get: query({
    access: 'approvals:read',
    input: z.strictObject({}),
    output: z.strictObject({
      public_key: z.string().meta({ description: 'Of this instance (RFC 8292), base64url.' }),
      items: z.array(browser),
    }),
  }),
  subscribe: mutation({
    access: 'approvals:read',
    input: z.strictObject({
      name: text(100).min(1),
      endpoint: secret(text(1000)),
      keys: z.strictObject({
        p256dh: base64url(65, 'Must be a P-256 public key as base64url.'),
        auth: base64url(16, 'Must be 16 bytes as base64url.'),
      }),
    }),
    output: browser,
    errors: ['TOO_MANY_BROWSERS'],
  }),
  unsubscribe: mutation({
    access: 'approvals:read',
    input: z.strictObject({ id }),
    output: z.strictObject({ id }),
    errors: ['NOT_FOUND'],
  }),
  test: mutation({
    access: 'approvals:read',
    input: z.strictObject({ id }),
    output: z.strictObject({
      delivered: z.boolean(),
      status: z.number().int().nullable(),
      error: z.string().nullable(),
    }),
    errors: ['NOT_FOUND'],
  }),
}
