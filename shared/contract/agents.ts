import { z } from 'zod'
import { cursor, id, page, pageLimit, secret, text } from '../words.ts'
import { agent, agentDetail, agentFields, agentKeyFields, exampleAgent, exampleAgentKey } from './agent.ts'
import { endpoint } from './endpoint.ts'
import { createdApiKey } from './key.ts'

const family = { tag: 'Agents', limit: 'everything else' } as const

const exampleText = 'ak_live_8Zp3vQnB1xYk5TgR7mWc2sLd9fHjAe0U'

/** Seed 2's agents: programs that ask before they act, each with keys of its own. */
export const agents = {
  create: endpoint({
    ...family,
    method: 'POST',
    path: '/agents',
    summary: 'Create an agent',
    description: 'Makes the agent and its first key, whose text is answered this once.',
    access: 'agents:write',
    status: 201,
    input: z.strictObject({
      name: agentFields.name,
      description: agentFields.description.default(''),
      metadata: agentFields.metadata.default({}),
      env: agentKeyFields.env.default('live'),
      scopes: agentKeyFields.scopes.default([]),
    }),
    output: agentDetail
      .extend({
        api_key: secret(z.string()).meta({ description: 'The text of its first key, shown here and never again.' }),
      })
      .meta({ id: 'CreatedAgent', description: 'A new agent with the text of its first key.' }),
    errors: ['INSUFFICIENT_SCOPE', 'MAKER_NOT_ADMIN'],
    example: {
      input: { name: 'my-assistant', description: 'Answers the support mailbox' },
      output: {
        ...exampleAgent,
        keys: [exampleAgentKey],
        stats: { requests: 0, approved: 0, denied: 0, expired: 0, by_policy: 0, median_seconds: null },
        api_key: exampleText,
      },
    },
    idempotent: true,
    fresh: true,
    activeAdmin: true,
  }),
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/agents',
    summary: 'List agents',
    description: 'Newest first.',
    access: 'agents:read',
    status: 200,
    input: z.strictObject({
      q: text(200).optional().meta({ description: 'Part of name or description, in any case.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(agent),
    errors: [],
    example: { output: { items: [exampleAgent], next_cursor: null } },
  }),
  get: endpoint({
    ...family,
    method: 'GET',
    path: '/agents/{agentId}',
    summary: 'Read an agent',
    description: 'With its keys, never their texts, and what came of its requests in the last 30 days.',
    access: 'agents:read',
    status: 200,
    input: z.strictObject({ agentId: id }),
    output: agentDetail,
    errors: ['NOT_FOUND'],
    example: {
      output: {
        ...exampleAgent,
        keys: [exampleAgentKey],
        stats: { requests: 41, approved: 30, denied: 2, expired: 9, by_policy: 21, median_seconds: 34 },
      },
    },
  }),
  update: endpoint({
    ...family,
    method: 'PATCH',
    path: '/agents/{agentId}',
    summary: 'Change an agent',
    description:
      'Only the fields that are sent change. `disabled` stops all its keys at once, and withdraws what it asks; it can be undone.',
    access: 'agents:write',
    status: 200,
    input: z.strictObject({
      agentId: id,
      name: agentFields.name.optional(),
      description: agentFields.description.optional(),
      metadata: agentFields.metadata.optional(),
      disabled: z.boolean().optional(),
    }),
    output: agent,
    errors: ['NOT_FOUND', 'MAKER_NOT_ADMIN'],
    example: { input: { disabled: true }, output: { ...exampleAgent, disabled: true } },
    activeAdmin: true,
  }),
  createKey: endpoint({
    ...family,
    method: 'POST',
    path: '/agents/{agentId}/keys',
    summary: 'Create another key of an agent',
    description:
      'Several keys of an agent work at once, so a key is replaced without downtime: make the new one, switch, revoke the old. `POST /v1/api-keys/{keyId}/rotate` does it with a grace time.',
    access: 'agents:write',
    status: 201,
    input: z.strictObject({
      agentId: id,
      env: agentKeyFields.env.default('live'),
      scopes: agentKeyFields.scopes.default([]),
      expires_at: agentKeyFields.expires_at.default(null),
    }),
    output: createdApiKey,
    errors: ['NOT_FOUND', 'INSUFFICIENT_SCOPE', 'MAKER_NOT_ADMIN'],
    example: {
      input: { env: 'live' },
      output: { ...exampleAgentKey, last_used: null, key: exampleText },
    },
    idempotent: true,
    fresh: true,
    activeAdmin: true,
  }),
  revoke: endpoint({
    ...family,
    method: 'POST',
    path: '/agents/{agentId}/revoke',
    summary: 'Revoke the keys of an agent',
    description:
      'All of them, or the one that `key_id` names; at once on every node, for good. What a revoked key asked and nobody answered is withdrawn. Idempotent.',
    access: 'agents:write',
    status: 200,
    input: z.strictObject({ agentId: id, key_id: id.optional() }),
    output: agentDetail,
    errors: ['NOT_FOUND', 'MAKER_NOT_ADMIN'],
    example: {
      input: {},
      output: {
        ...exampleAgent,
        live_keys: 0,
        keys: [{ ...exampleAgentKey, status: 'revoked', revoked_at: '2025-01-01T12:30:00.000Z' }],
        stats: { requests: 41, approved: 30, denied: 2, expired: 9, by_policy: 21, median_seconds: 34 },
      },
    },
    activeAdmin: true,
  }),
}
