import { z } from 'zod'
import { actorRef, cursor, id, page, pageLimit, text, time, wait } from '../words.ts'
import { endpoint, query } from './endpoint.ts'
import {
  exampleApproved,
  examplePending,
  permissionFields,
  permissionRequest,
  permissionStatus,
  permissionToken,
} from './permission.ts'

const { env } = permissionRequest.shape

const family = { tag: 'Permission requests', limit: 'everything else', access: 'permissions:request' } as const

/** Seed 2's permission requests: an agent asks for exactly one thing, a person or a policy that a person wrote answers. */
export const permissions = {
  request: endpoint({
    ...family,
    method: 'POST',
    path: '/permissions/request',
    summary: 'Ask before you act',
    description:
      'Answers 200 with the token when a policy or a test key allows it at once, 202 while a person is asked, 403 `PERMISSION_DENIED` when it is denied. `ttl` is the time to decide, and then again that of the token. A test key is allowed everything but what has `context._test_deny: true`, and nobody is told.',
    status: 200,
    accepts: true,
    input: z.strictObject({
      action: permissionFields.action,
      resource: permissionFields.resource.optional(),
      scope: permissionFields.scope.default({}),
      context: permissionFields.context.default({}),
      ttl: permissionFields.ttl.default(300),
      uses: permissionFields.uses.default(1),
    }),
    output: permissionRequest,
    errors: ['PERMISSION_DENIED'],
    example: { input: { action: 'email.send', scope: {} }, output: examplePending },
    idempotent: true,
  }),
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/permissions',
    summary: 'List permission requests',
    description: 'Newest first. An agent’s key sees what its agent asked; people and keys with `agents:read` see all.',
    orAccess: ['agents:read'],
    status: 200,
    input: z.strictObject({
      status: permissionStatus.optional(),
      agent_id: id.optional(),
      action: text(255).optional().meta({ description: 'The action, exactly.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(permissionRequest),
    errors: [],
    example: { output: { items: [examplePending], next_cursor: null } },
  }),
  get: endpoint({
    ...family,
    method: 'GET',
    path: '/permissions/{id}',
    summary: 'Read a permission request',
    description:
      'With `wait` the reply comes as soon as it is no longer pending, or at the end of the wait. Once approved, the asking key reads the token here until it is used for the first time: a lost reply loses nothing.',
    orAccess: ['agents:read'],
    status: 200,
    input: z.strictObject({ id, wait: wait.optional() }),
    output: permissionRequest,
    errors: ['NOT_FOUND'],
    example: { output: exampleApproved },
  }),
  verify: endpoint({
    ...family,
    method: 'POST',
    path: '/permissions/{id}/verify',
    summary: 'Check a token without using it',
    description: 'Only of one’s own agent; another’s request is not found.',
    status: 200,
    input: z.strictObject({ id, token: permissionToken }),
    output: z.strictObject({
      valid: z.boolean(),
      status: permissionStatus,
      env,
      scope: z.record(z.string(), z.unknown()).nullable().meta({ description: 'What it allows; null when not valid.' }),
      uses_remaining: z.number().int(),
      expires_at: time,
      reason: z.string().nullable().meta({ description: 'Why it is not valid.' }),
    }),
    errors: ['NOT_FOUND'],
    example: {
      input: { token: exampleApproved.token },
      output: {
        valid: true,
        status: 'approved',
        env: 'live',
        scope: exampleApproved.scope,
        uses_remaining: 1,
        expires_at: exampleApproved.expires_at,
        reason: null,
      },
    },
  }),
  use: endpoint({
    ...family,
    method: 'POST',
    path: '/permissions/{id}/use',
    summary: 'Use a token',
    description:
      'Counts one use, atomically: of racing calls exactly as many succeed as uses are left. Act only after it answered 200, and only within `scope`.',
    status: 200,
    input: z.strictObject({ id, token: permissionToken }),
    output: z.strictObject({
      success: z.literal(true),
      status: permissionStatus,
      env,
      scope: z.record(z.string(), z.unknown()),
      uses_remaining: z.number().int(),
    }),
    errors: [
      'NOT_FOUND',
      'WRONG_TOKEN',
      'PERMISSION_PENDING',
      'PERMISSION_DENIED',
      'TOKEN_USED',
      'TOKEN_EXPIRED',
      'TOKEN_REVOKED',
    ],
    example: {
      input: { token: exampleApproved.token },
      output: { success: true, status: 'used', env: 'live', scope: exampleApproved.scope, uses_remaining: 0 },
    },
  }),
  revoke: endpoint({
    ...family,
    method: 'POST',
    path: '/permissions/{id}/revoke',
    summary: 'Give a permission back',
    description:
      'By the agent, or by people and keys with `agents:write`: a pending request is withdrawn, and a token works no more. Idempotent; what is used up, denied or expired stays so.',
    orAccess: ['agents:write'],
    status: 200,
    input: z.strictObject({
      id,
      reason: text(500).optional().meta({ description: 'For the record.' }),
    }),
    output: permissionRequest,
    errors: ['NOT_FOUND'],
    example: {
      input: { reason: 'No longer needed' },
      output: { ...exampleApproved, status: 'revoked', token: undefined },
    },
  }),
  /** A request as its page shows it, to whoever looks: with what they may do, and who did what. */
  look: query({
    access: 'agents:read',
    input: z.strictObject({ id }),
    output: z.strictObject({
      permission: permissionRequest,
      /** Since when there is the agent that asks; null for a key that is no agent's. */
      known_since: time.nullable(),
      may_decide: z.boolean(),
      /** Why the asker may not decide what is pending, as a sentence. */
      why_not: z.string().nullable(),
      /** False for what ended without an answer. */
      answered: z.boolean(),
      /** Who withdrew it or stopped its token. */
      revoked_by: actorRef.nullable(),
      /** The standing yes that answers the same request at this moment. */
      standing: z.strictObject({ policy_id: id, expires_at: time, by: actorRef }).nullable(),
    }),
    errors: ['NOT_FOUND'],
  }),
}
