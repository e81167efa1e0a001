import { z } from 'zod'
import { loggings, scopes, transports } from '../scopes.ts'
import { actorRef, allowlist, id, keyPath, secret, text, time } from '../words.ts'
import { tags } from './account.ts'

/** What a key is made and changed with. */
export const keyFields = {
  name: text(100).min(1).meta({ example: 'ci', description: 'For people to tell keys apart.' }),
  description: text(1000).meta({ description: 'What the key is for.' }),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .meta({
      example: ['values:read', 'approvals:write'],
      description: 'What it may do; `*` is everything (Native API).',
    }),
  key_paths: z
    .array(keyPath)
    .min(1)
    .max(100)
    .nullable()
    .meta({ description: 'The only key paths it may touch, each with all below it; null: any.' }),
  account_tags: tags.nullable().meta({
    description:
      'The only TOTP accounts that are wholly its own: those with one of these tags; null: any; an empty list: none. What it was granted comes on top.',
  }),
  ip_allowlist: allowlist.nullable(),
  transports: z
    .array(z.enum(transports))
    .min(1)
    .max(transports.length)
    .meta({ description: 'Ways it may arrive: `header`, `basic`, `query` (key), `form` (key), `json` (API_Key).' }),
  logging: z
    .enum(loggings)
    .meta({ description: 'Which bodies the access log keeps, with secrets taken out by schema.' }),
  logging_until: time
    .nullable()
    .meta({ description: 'Bodies are kept until then, at most 7 days ahead; 24 hours when not said.' }),
  env: z.enum(['live', 'test']).meta({ description: 'Test keys see and make test objects only.' }),
  allow_lockout: z
    .boolean()
    .optional()
    .meta({ description: 'Accept an allowlist that excludes the address this request comes from.' }),
}

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
    account_tags: z.array(z.string()).nullable(),
    ip_allowlist: z.array(z.string()).nullable(),
    transports: z.array(z.string()),
    logging: keyFields.logging,
    logging_until: time.nullable(),
    env: keyFields.env,
    status: z.enum(['active', 'disabled', 'revoked', 'expired']),
    created_at: time,
    created_by: actorRef,
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    last_used: lastUse.nullable(),
    agent_id: id.nullable().meta({ description: 'The agent that it is a key of; null: none.' }),
    replaced_by: id.nullable().meta({ description: 'The key that took its place by rotation.' }),
    alerts: z.array(z.enum(['old', 'unused', 'expiring', 'unusual', 'replaced_still_used', 'maker_gone'])).meta({
      description:
        '`old`: over 90 days. `unused`: for 90 days, or never in its first 7. `expiring`: within 7 days. `unusual`: came from a new network in the last 7 days. `replaced_still_used`: used after its successor was made. `maker_gone`: who made it left.',
    }),
  })
  .meta({ id: 'ApiKey', description: 'An API key as its project sees it. Never its text.' })

/** A new key: the only reply that has its text. */
export const createdApiKey = apiKey
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
  account_tags: null,
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
  agent_id: null,
  replaced_by: null,
  alerts: [],
}
