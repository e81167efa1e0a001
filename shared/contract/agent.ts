import { z } from 'zod'
import { scopes } from '../scopes.ts'
import { actorRef, id, jsonObject, text, time } from '../words.ts'
import { apiKey, exampleKey } from './key.ts'

/** What an agent is made and changed with. */
export const agentFields = {
  name: text(255).min(1).meta({ example: 'my-assistant', description: 'For people to tell agents apart.' }),
  description: text(1000).meta({ description: 'What it does, for whoever is asked.' }),
  metadata: jsonObject.meta({ description: 'Facts of your own.' }),
}

/** What an agent’s key is made with. */
export const agentKeyFields = {
  env: z.enum(['live', 'test']).meta({ description: 'A test key is allowed everything, and nobody is asked.' }),
  scopes: z
    .array(z.enum(scopes))
    .max(scopes.length)
    .meta({
      example: ['accounts:codes'],
      description: 'What it may do beside `permissions:request`, which every key of an agent may.',
    }),
  expires_at: time.nullable().meta({ description: 'When it ends by itself; null: never.' }),
}

/** How often, and how, an agent was answered in the last 30 days; test keys do not count. */
export const agentStats = z
  .strictObject({
    requests: z.number().int(),
    approved: z.number().int(),
    denied: z.number().int(),
    expired: z.number().int(),
    by_policy: z.number().int().meta({ description: 'Answered by a policy, of all that were.' }),
    median_seconds: z.number().nullable().meta({ description: 'How long people took to answer.' }),
  })
  .meta({ id: 'AgentStats', description: 'The last 30 days.' })

export const agent = z
  .strictObject({
    id,
    name: z.string(),
    description: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    disabled: z.boolean().meta({ description: 'Its keys answer 401 until it is enabled again.' }),
    created_at: time,
    created_by: actorRef,
    last_activity_at: time.nullable(),
    live_keys: z.number().int().meta({ description: 'Keys for the real thing that work now.' }),
    test_keys: z.number().int(),
    pending: z.number().int().meta({ description: 'Requests that wait for an answer.' }),
  })
  .meta({ id: 'Agent', description: 'A program that asks before it acts.' })

/** One agent with its keys, newest first, ended ones included. */
export const agentDetail = agent
  .extend({ keys: z.array(apiKey), stats: agentStats })
  .meta({ id: 'AgentDetail', description: 'An agent with its keys and what came of its requests.' })

export const exampleAgent = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  name: 'my-assistant',
  description: 'Answers the support mailbox',
  metadata: {},
  disabled: false,
  created_at: '2025-01-01T12:00:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAX', name: 'Ana Silva' },
  last_activity_at: '2025-01-01T12:20:00.000Z',
  live_keys: 1,
  test_keys: 0,
  pending: 1,
}

export const exampleAgentKey = {
  ...exampleKey,
  name: 'my-assistant',
  description: '',
  prefix: 'ak_live_',
  scopes: ['permissions:request'],
  key_paths: null,
  ip_allowlist: null,
  agent_id: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
}
