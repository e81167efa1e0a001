import { z } from 'zod'
import { cursor, id, page, pageLimit } from '../words.ts'
import { endpoint, mutation } from './endpoint.ts'
import { dryRunItem, examplePolicy, policy, policyDraft, policyFields } from './policy.ts'

const family = { tag: 'Policies', limit: 'everything else', access: 'agents:read' } as const

const effects = z.strictObject({
  auto_approve: z.number().int(),
  require_approval: z.number().int(),
  deny: z.number().int(),
})

/**
 * Rules that answer permission requests in place of a person. People write them, in the dashboard: nothing made by a key
 * decides. Keys read them, and try drafts.
 */
export const policies = {
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/policies',
    summary: 'List policies',
    description: 'In the order in which they are asked; every standing yes comes first.',
    status: 200,
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: page(policy),
    errors: [],
    example: { output: { items: [examplePolicy], next_cursor: null } },
  }),
  dryRun: endpoint({
    ...family,
    method: 'POST',
    path: '/policies/dry-run',
    summary: 'Try a policy against recent requests',
    description:
      'Changes nothing. Says for the last requests of the project, newest first, what the policies answer now and what they would with the draft: in the place of policy `id`, before the one at `position`, or at the end. Without `draft` only what they answer now.',
    status: 200,
    input: z.strictObject({
      draft: policyDraft.optional(),
      id: id.optional().meta({ description: 'The policy that the draft takes the place of.' }),
      position: z.number().int().min(1).max(1000).optional(),
      limit: z.number().int().min(1).max(200).default(100).meta({ description: 'How many recent requests.' }),
    }),
    output: z.strictObject({
      items: z.array(dryRunItem),
      changed: z.number().int().meta({ description: 'Requests that would be answered otherwise.' }),
      now: effects,
      with_draft: effects,
    }),
    errors: ['NOT_FOUND'],
    example: {
      input: {
        draft: {
          name: 'Small refunds',
          matchers: [{ field: 'action', op: 'equals', value: 'refund.create' }],
          effect: 'auto_approve',
        },
      },
      output: {
        items: [],
        changed: 0,
        now: { auto_approve: 0, require_approval: 0, deny: 0 },
        with_draft: { auto_approve: 0, require_approval: 0, deny: 0 },
      },
    },
  }),
  create: mutation({
    access: 'agents:write',
    input: policyDraft.extend({ position: z.number().int().min(1).max(1000).optional() }),
    output: policy,
    errors: ['TOO_MANY_POLICIES'],
  }),
  /** Only the fields that are sent change. A standing yes cannot be changed, only ended. */
  update: mutation({
    access: 'agents:write',
    input: z.strictObject({
      id,
      name: policyFields.name.optional(),
      description: policyFields.description.optional(),
      agent_id: policyFields.agent_id.optional(),
      matchers: policyFields.matchers.optional(),
      effect: policyFields.effect.optional(),
      scope_template: policyFields.scope_template.optional(),
      reason: policyFields.reason.optional(),
      enabled: policyFields.enabled.optional(),
      position: z.number().int().min(1).max(1000).optional(),
    }),
    output: policy,
    errors: ['NOT_FOUND'],
  }),
  delete: mutation({
    access: 'agents:write',
    input: z.strictObject({ id }),
    output: z.strictObject({ id }),
    errors: ['NOT_FOUND'],
  }),
  /** Ends a standing yes before its time; whoever may decide may. */
  endStanding: mutation({
    access: 'permissions:request',
    input: z.strictObject({ id }),
    output: z.strictObject({ id }),
    errors: ['NOT_FOUND'],
  }),
}
