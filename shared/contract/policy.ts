import { z } from 'zod'
import { actorRef, id, jsonObject, secret, text, time } from '../words.ts'

/** What a policy does with a request that it matches. */
export const policyEffect = z.enum(['auto_approve', 'require_approval', 'deny'])

export type PolicyEffect = z.infer<typeof policyEffect>

/** How one field of a request is compared; `matches` takes a regular expression of linear time (RE2 syntax). */
export const matchOperators = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'prefix',
  'suffix',
  'contains',
  'less_than',
  'at_most',
  'greater_than',
  'at_least',
  'exists',
  'absent',
  'matches',
] as const

export type MatchOperator = (typeof matchOperators)[number]

/** What a matcher looks at. */
export const matchField = /^(action|resource|scope(\.[^.]{1,128}){1,8})$/

/** One condition over `action`, `resource`, or a dotted path into the scope. */
export const matcher = z.strictObject({
  field: z
    .string()
    .max(500)
    .regex(matchField, 'Must be action, resource, or scope.… with dots.')
    .meta({ example: 'scope.amount', description: '`action`, `resource`, or `scope.` and a path with dots.' }),
  op: z.enum(matchOperators),
  value: secret(
    z.unknown().optional().meta({
      description:
        'What it is compared with: text, number or boolean; a list for `in` and `not_in`; nothing for `exists` and `absent`.',
    }),
  ),
})

export type Matcher = z.infer<typeof matcher>

/**
 * What a policy is made and changed with. All matchers must hold; the first policy whose do answers. What is absent fits
 * `absent` only. Where something is of another type than what it is compared with ("5" against 5), a policy that approves
 * does not match, and one that does not asks a person.
 */
export const policyFields = {
  name: text(100).min(1).meta({ example: 'Small refunds' }),
  description: text(1000),
  agent_id: id.nullable().meta({ description: 'The only agent it is about; null: any.' }),
  matchers: z.array(matcher).min(1).max(20),
  effect: policyEffect,
  scope_template: jsonObject.nullable().meta({
    description:
      'Of `auto_approve`: laid over the scope that was asked, and what is allowed must not be wider than that.',
  }),
  reason: text(500).meta({ description: 'Of `deny`: what the agent is told.' }),
  enabled: z.boolean(),
}

/** A policy as it is tried or made. */
export const policyDraft = z
  .strictObject({
    name: policyFields.name,
    description: policyFields.description.default(''),
    agent_id: policyFields.agent_id.default(null),
    matchers: policyFields.matchers,
    effect: policyFields.effect,
    scope_template: policyFields.scope_template.default(null),
    reason: policyFields.reason.default(''),
    enabled: policyFields.enabled.default(true),
  })
  .meta({ id: 'PolicyDraft', description: 'A policy as a person writes it.' })

export const policy = z
  .strictObject({
    id,
    position: z.number().int().meta({ description: 'Policies are asked in this order, from 1.' }),
    ...policyFields,
    matchers: z.array(matcher),
    standing: z.boolean().meta({ description: 'A yes to one thing for a while, given with an approval.' }),
    expires_at: time
      .nullable()
      .meta({ description: 'Of a standing yes: when it ends, at most 8 hours after it was given.' }),
    fault: z.string().nullable().meta({
      description: 'Why it cannot be evaluated; then everything that comes to it needs approval.',
    }),
    created_at: time,
    created_by: actorRef,
  })
  .meta({ id: 'Policy', description: 'A rule that a person wrote, which answers permission requests.' })

/** What the policies say to one request; `policy` null: none matches, so approval is required. */
const verdict = z.strictObject({
  effect: policyEffect,
  policy_id: id.nullable(),
  policy: z.string().nullable(),
})

export const dryRunItem = z
  .strictObject({
    id,
    agent: actorRef,
    action: z.string(),
    resource: z.string().nullable(),
    scope: z.record(z.string(), z.unknown()),
    created_at: time,
    now: verdict,
    with_draft: verdict,
  })
  .meta({ id: 'DryRunItem', description: 'What a recent request would be answered now, and with the draft.' })

export const examplePolicy = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  position: 1,
  name: 'Small refunds',
  description: '',
  agent_id: null,
  matchers: [
    { field: 'action', op: 'equals', value: 'refund.create' },
    { field: 'scope.amount', op: 'at_most', value: 50 },
  ],
  effect: 'auto_approve',
  scope_template: null,
  reason: '',
  enabled: true,
  standing: false,
  expires_at: null,
  fault: null,
  created_at: '2025-01-01T12:00:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAX', name: 'Ana Silva' },
}
