import { z } from 'zod'
import { loggings, scopes, transports } from '../scopes.ts'
import { actorRef, allowlist, cursor, id, keyPath, page, pageLimit, secret, text, time } from '../words.ts'
import { endpoint } from './endpoint.ts'
import { exampleRequests, request } from './requests.ts'

const name = text(100).min(1).meta({ example: 'ci', description: 'For people to tell keys apart.' })
const description = text(1000).meta({ description: 'What the key is for.' })
const keyScopes = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .meta({ example: ['values:read', 'approvals:write'], description: 'What it may do; `*` is everything (Native API).' })
const keyPaths = z
  .array(keyPath)
  .min(1)
  .max(100)
  .nullable()
  .meta({ description: 'The only key paths it may touch, each with all below it; null: any.' })
const keyTransports = z
  .array(z.enum(transports))
  .min(1)
  .max(transports.length)
  .meta({ description: 'Ways it may arrive: `header`, `basic`, `query` (key), `form` (key), `json` (API_Key).' })
const logging = z
  .enum(loggings)
  .meta({ description: 'Which bodies the access log keeps, with secrets taken out by schema.' })
const loggingUntil = time
  .nullable()
  .meta({ description: 'Bodies are kept until then, at most 7 days ahead; 24 hours when not said.' })
const env = z.enum(['live', 'test']).meta({ description: 'Test keys see and make test objects only.' })

const lastUse = z
  .strictObject({ at: time, ip: z.string(), user_agent: z.string().nullable() })
  .meta({ id: 'KeyUse', description: 'When and from where a key was used last.' })

/** A key as its project sees it. Never its text. */
export const apiKey = z
  .strictObject({
    id,
    name: z.string(),
    description: z.string(),
    prefix: z.string().meta({ example: 'otw_' }),
    last4: z.string(),
    scopes: z.array(z.string()),
    key_paths: z.array(z.string()).nullable(),
    ip_allowlist: z.array(z.string()).nullable(),
    transports: z.array(z.string()),
    logging,
    logging_until: time.nullable(),
    env,
    status: z.enum(['active', 'disabled', 'revoked', 'expired']),
    created_at: time,
    created_by: actorRef,
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    last_used: lastUse.nullable(),
    replaced_by: id.nullable().meta({ description: 'The key that took its place by rotation.' }),
    alerts: z.array(z.enum(['old', 'unused', 'expiring', 'unusual', 'replaced_still_used', 'maker_gone'])).meta({
      description:
        '`old`: over 90 days. `unused`: for 90 days, or never in its first 7. `expiring`: within 7 days. `unusual`: came from a new network in the last 7 days. `replaced_still_used`: used after its successor was made. `maker_gone`: who made it left.',
    }),
  })
  .meta({ id: 'ApiKey', description: 'An API key as its project sees it. Never its text.' })

const shownOnce = apiKey
  .extend({ key: secret(z.string()).meta({ description: 'The text of the key, shown here and never again.' }) })
  .meta({ id: 'CreatedApiKey', description: 'A new key with its text.' })

export const exampleKey = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  name: 'ci',
  description: 'Deploys of the shop',
  prefix: 'otw_',
  last4: 'x7Qz',
  scopes: ['values:read', 'approvals:write'],
  key_paths: ['deploy'],
  ip_allowlist: ['203.0.113.0/24'],
  transports: ['header', 'basic'],
  logging: 'none',
  logging_until: null,
  env: 'live',
  status: 'active',
  created_at: '2025-01-01T12:00:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Ana Silva' },
  expires_at: null,
  revoked_at: null,
  last_used: { at: '2025-01-01T12:20:00.000Z', ip: '203.0.113.7', user_agent: 'curl/8.5.0' },
  replaced_by: null,
  alerts: [],
}

const ipAllowlist = allowlist.nullable()

const allowLockout = z
  .boolean()
  .optional()
  .meta({ description: 'Accept an allowlist that excludes the address this request comes from.' })

/** Seed 1's API keys. */
export const keys = {
  create: endpoint({
    method: 'POST',
    path: '/api-keys',
    tag: 'API keys',
    summary: 'Create an API key',
    description:
      'Send `key` for a text of your own (24 to 200 characters, at least 10 different ones, no reserved prefix), or get one made. The text is answered once. A key never gains what its maker lacks: of a key its scopes, key paths, addresses, environment and end; of a person the scopes of their role, so that only an OWNER gives `*`.',
    access: 'keys:write',
    limit: 'everything else',
    status: 201,
    input: z.strictObject({
      name,
      description: description.default(''),
      key: secret(z.string().max(400)).optional().meta({ description: 'A text of your own.' }),
      scopes: keyScopes,
      key_paths: keyPaths.default(null),
      ip_allowlist: ipAllowlist.default(null),
      expires_at: time.nullable().default(null).meta({ description: 'When it ends by itself; null: never.' }),
      transports: keyTransports.default(['header', 'basic']),
      logging: logging.default('none'),
      logging_until: loggingUntil.optional(),
      env: env.default('live'),
      allow_lockout: allowLockout,
    }),
    output: shownOnce,
    errors: ['INSUFFICIENT_SCOPE', 'KEY_TAKEN', 'LOCK_OUT', 'MAKER_NOT_ADMIN'],
    example: {
      input: { name: 'ci', scopes: ['values:read', 'approvals:write'], key_paths: ['deploy'] },
      output: { ...exampleKey, last_used: null, key: 'otw_8Zp3vQnB1xYk5TgR7mWc2sLd9fHjAe0U' },
    },
    idempotent: true,
    fresh: true,
    activeAdmin: true,
  }),
  list: endpoint({
    method: 'GET',
    path: '/api-keys',
    tag: 'API keys',
    summary: 'List API keys',
    description: 'Newest first, ended ones included. Never their texts.',
    access: 'keys:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      q: text(200).optional().meta({ description: 'Part of name or description, in any case.' }),
      status: z.enum(['active', 'disabled', 'revoked', 'expired']).optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(apiKey),
    errors: [],
    example: { output: { items: [exampleKey], next_cursor: null } },
  }),
  get: endpoint({
    method: 'GET',
    path: '/api-keys/{keyId}',
    tag: 'API keys',
    summary: 'Read an API key',
    description: 'All but its text.',
    access: 'keys:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({ keyId: id }),
    output: apiKey,
    errors: ['NOT_FOUND'],
    example: { output: exampleKey },
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/api-keys/{keyId}',
    tag: 'API keys',
    summary: 'Change an API key',
    description:
      'Only the fields that are sent change. `disabled` switches a key off and on again. Whoever may change keys may name, describe and switch off any; every other change must leave a key that they could have made.',
    access: 'keys:write',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      keyId: id,
      name: name.optional(),
      description: description.optional(),
      scopes: keyScopes.optional(),
      key_paths: keyPaths.optional(),
      ip_allowlist: ipAllowlist.optional(),
      expires_at: time.nullable().optional(),
      transports: keyTransports.optional(),
      logging: logging.optional(),
      logging_until: loggingUntil.optional(),
      disabled: z.boolean().optional(),
      allow_lockout: allowLockout,
    }),
    output: apiKey,
    errors: ['NOT_FOUND', 'INSUFFICIENT_SCOPE', 'KEY_ENDED', 'LOCK_OUT', 'MAKER_NOT_ADMIN'],
    example: { input: { logging: 'both' }, output: { ...exampleKey, logging: 'both' } },
    fresh: true,
    activeAdmin: true,
  }),
  revoke: endpoint({
    method: 'DELETE',
    path: '/api-keys/{keyId}',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'Ends it for good, at once on every node. Idempotent. Its log stays.',
    access: 'keys:write',
    limit: 'everything else',
    status: 204,
    input: z.strictObject({ keyId: id }),
    output: z.void(),
    errors: ['NOT_FOUND', 'MAKER_NOT_ADMIN'],
    example: {},
    activeAdmin: true,
  }),
  rotate: endpoint({
    method: 'POST',
    path: '/api-keys/{keyId}/rotate',
    tag: 'API keys',
    summary: 'Rotate an API key',
    description:
      'Makes a key like it with a new text, which lives as long as the old one was given. The old one works for `grace_seconds` more, and says in its list entry whether anybody still uses it. Whoever rotates must hold all that the key may. Once only: then the successor is rotated.',
    access: 'keys:write',
    limit: 'everything else',
    status: 201,
    input: z.strictObject({
      keyId: id,
      grace_seconds: z
        .number()
        .int()
        .min(0)
        .max(604_800)
        .default(86_400)
        .meta({ description: 'Seconds that the old key works on, at most 7 days.' }),
    }),
    output: shownOnce,
    errors: ['NOT_FOUND', 'KEY_ENDED', 'INSUFFICIENT_SCOPE', 'MAKER_NOT_ADMIN'],
    example: {
      input: { grace_seconds: 86_400 },
      output: { ...exampleKey, last_used: null, key: 'otw_8Zp3vQnB1xYk5TgR7mWc2sLd9fHjAe0U' },
    },
    idempotent: true,
    fresh: true,
    activeAdmin: true,
  }),
  requests: endpoint({
    method: 'GET',
    path: '/api-keys/{keyId}/requests',
    tag: 'API keys',
    summary: 'Read the access log of one key',
    description: 'Newest first. A row appears within about a second of its request.',
    access: 'keys:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      keyId: id,
      status: z.number().int().min(100).max(599).optional(),
      since: time.optional(),
      until: time.optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(request),
    errors: ['NOT_FOUND'],
    example: { output: exampleRequests },
  }),
}
