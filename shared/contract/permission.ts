import { z } from 'zod'
import { actorRef, id, jsonObject, secret, text, time } from '../words.ts'
import { actionHash, exampleHash } from './approval.ts'

/** Where a permission request stands (seed 2's system). Everything but `pending` and `approved` is final. */
export const permissionStatus = z
  .enum(['pending', 'approved', 'denied', 'expired', 'used', 'revoked'])
  .meta({ id: 'PermissionStatus', description: 'Everything but `pending` and `approved` is final.' })

export type PermissionStatus = z.infer<typeof permissionStatus>

/** What an agent asks with. */
export const permissionFields = {
  action: text(255)
    .min(1)
    .meta({ example: 'email.send', description: 'What it wants to do, as `category.operation`.' }),
  resource: text(255)
    .min(1)
    .meta({ example: 'mailbox:support', description: 'What it wants to do it to, as `type:identifier`.' }),
  scope: jsonObject.meta({
    example: { to: ['ana@example.com'], max: 1 },
    description: 'Exactly what it asks for; the approver may narrow it. At most 8 deep, 200 keys, 16 KiB.',
  }),
  context: jsonObject.meta({
    example: { reason: 'The customer asked for a refund.' },
    description: 'Why it asks, for the approver; `reason` is shown first. Not part of what is allowed.',
  }),
  ttl: z
    .number()
    .int()
    .min(30)
    .max(3600)
    .meta({ example: 300, description: 'Seconds to decide, and again seconds that the token works.' }),
  uses: z.number().int().min(1).max(100).meta({ example: 1, description: 'How often the token may be used.' }),
}

/** Opens exactly what was allowed; derived, never stored. */
export const permissionToken = secret(
  z.string().max(200).meta({ example: 'otp_v1_q3JYkq2cZ0v7s8mH1uYtXbN4rLpD6wEaKfGiOoPzQ5M' }),
)

/** A permission request as who asked, and the people of the project, see it. */
export const permissionRequest = z
  .strictObject({
    id,
    status: permissionStatus,
    env: z.enum(['live', 'test']).meta({ description: '`test`: asked with a test key; nobody was asked.' }),
    agent: actorRef.meta({ description: 'Who asks.' }),
    action: z.string(),
    resource: z.string().nullable(),
    scope: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What is allowed, once it is approved; until then what was asked.' }),
    requested_scope: z.record(z.string(), z.unknown()),
    context: z.record(z.string(), z.unknown()),
    ttl: z.number().int(),
    uses: z.number().int(),
    uses_remaining: z.number().int(),
    token: permissionToken
      .optional()
      .meta({ description: 'While `approved`, to the asking key only, at every read until its first use.' }),
    reason: z.string().nullable().meta({ description: 'What the approver or the policy said to it.' }),
    decided_by: actorRef.nullable().meta({ description: 'A person, a policy, or the system for a test key.' }),
    decided_at: time.nullable(),
    expires_at: time.meta({ description: 'While `pending` the end of deciding; once approved the end of the token.' }),
    created_at: time,
    action_hash: actionHash,
    approval_url: z
      .url()
      .optional()
      .meta({ description: 'While `pending`: where a signed-in person answers. Holds no token.' }),
    poll_url: z.url().meta({ description: 'Where the answer is read, with `?wait=` up to 55 seconds.' }),
  })
  .meta({ id: 'PermissionRequest', description: 'A permission request, whoever or whatever answers it.' })

export const examplePending = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  status: 'pending',
  env: 'live',
  agent: { type: 'agent', id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', name: 'my-assistant' },
  action: 'email.send',
  resource: 'mailbox:support',
  scope: { to: ['ana@example.com', 'bo@example.com'] },
  requested_scope: { to: ['ana@example.com', 'bo@example.com'] },
  context: { reason: 'The customer asked for a refund.' },
  ttl: 300,
  uses: 1,
  uses_remaining: 1,
  reason: null,
  decided_by: null,
  decided_at: null,
  expires_at: '2025-01-01T12:25:00.000Z',
  created_at: '2025-01-01T12:20:00.000Z',
  action_hash: exampleHash,
  approval_url: 'https://countersign.example/approvals/01ARZ3NDEKTSV4RRFFQ69G5FAV',
  poll_url: 'https://countersign.example/v1/permissions/01ARZ3NDEKTSV4RRFFQ69G5FAV',
}

const { approval_url, ...answered } = examplePending

/** The same, after a person allowed less than was asked. */
export const exampleApproved = {
  ...answered,
  status: 'approved',
  scope: { to: ['ana@example.com'] },
  token: 'otp_v1_q3JYkq2cZ0v7s8mH1uYtXbN4rLpD6wEaKfGiOoPzQ5M',
  decided_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAX', name: 'Ana Silva' },
  decided_at: '2025-01-01T12:21:00.000Z',
  expires_at: '2025-01-01T12:26:00.000Z',
}
