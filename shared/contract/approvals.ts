import { z } from 'zod'
import { email } from '../people.ts'
import { cursor, id, jsonObject, keyPath, page, pageLimit, secret, text, time, valueText, wait } from '../words.ts'
import {
  action,
  actionHash,
  actionKey,
  approval,
  approvalStatus,
  approverGroups,
  commentMode,
  createdApproval,
  exampleApproval,
  exampleHash,
  linkMode,
  linkToken,
  matchNumber,
  opened,
  pin,
} from './approval.ts'
import { auditRow } from './audit.ts'
import { endpoint, mutation, query } from './endpoint.ts'

const link = { token: linkToken }

/** What deciding can be refused with, by link or by name. */
const decided = [
  'NOT_FOUND',
  'APPROVAL_USED',
  'APPROVAL_EXPIRED',
  'APPROVAL_INVALIDATED',
  'LOCKED',
  'CSRF_FAILED',
] as const

const guarded = [
  'INVALID_ACTION_KEY',
  'ACTION_CHANGED',
  'PIN_REQUIRED',
  'WRONG_PIN',
  'MATCH_NUMBER_REQUIRED',
  'WRONG_MATCH_NUMBER',
  'COMMENT_REQUIRED',
  'COMMENT_OFF',
  'SIGN_IN_TO_DECIDE',
  'NOT_AN_APPROVER',
] as const

const decisionFields = {
  action: text(200).meta({ description: 'The key of one of the actions.' }),
  action_hash: actionHash,
  pin: pin.optional().meta({ description: 'When `needs.pin`.' }),
  comment: text(2000).optional().meta({ description: 'As `needs.comment` says.' }),
  match_number: matchNumber.optional().meta({ description: 'When `needs.match_number`.' }),
}

/** Seed 0's approvals: single-use links whose button sets a value. */
export const approvals = {
  create: endpoint({
    method: 'POST',
    path: '/approvals',
    tag: 'Approvals',
    summary: 'Create an approval link',
    description:
      'Send `value` for one Approve button, or `actions` for one to three; when both are given, `actions` win. `initial_value` is stored in the same commit.',
    access: 'approvals:write',
    limit: 'approval create',
    status: 201,
    input: z
      .strictObject({
        key_path: keyPath.meta({ description: 'The value that the decision sets.' }),
        value: valueText.optional().meta({ description: 'Simple format: one Approve button that sets this.' }),
        actions: z
          .array(action)
          .min(1)
          .max(3)
          .optional()
          .meta({ description: 'One to three buttons, each with the value that it sets.' }),
        ttl_seconds: z.number().int().min(10).max(2_592_000).default(600).meta({ description: 'Time to decide.' }),
        initial_value: valueText
          .optional()
          .meta({ description: 'Stored under `key_path` in the same commit, so that a reader sees it while waiting.' }),
        info: text(4000).optional().meta({ description: 'Plain text or a subset of Markdown; HTML is shown as text.' }),
        ref_id: text(255).min(1).optional().meta({ description: 'A reference of your own, e.g. a build number.' }),
        pin: secret(z.string().regex(/^(\d{4,12}|generate)$/, 'Must be 4 to 12 digits, or "generate".'))
          .optional()
          .meta({ description: 'What the approver must type: 4 to 12 digits, or `generate` for six random ones.' }),
        comment: commentMode.default('optional').meta({ description: 'Whether the approver may or must comment.' }),
        match_number: z
          .boolean()
          .default(false)
          .meta({ description: 'Ask the approver for a number that only the requester’s screen shows.' }),
        payload: jsonObject
          .optional()
          .meta({ description: 'Facts that the decision is bound to, shown to the approver.' }),
        link: linkMode.optional().meta({
          description:
            '`bearer`: whoever holds the link decides. `signed_in`: a signed-in person of the project does; so it is when `approvers` is given.',
        }),
        approvers: approverGroups.optional(),
        notify: z.array(email).min(1).max(10).optional().meta({ description: 'Addresses that the link is mailed to.' }),
      })
      .superRefine((input, ctx) => {
        if (input.value === undefined && input.actions === undefined)
          ctx.addIssue({ code: 'custom', path: ['value'], message: 'Send value or actions.' })
        const keys = input.actions?.map((one) => one.key) ?? []
        if (input.approvers !== undefined && input.link === 'bearer')
          ctx.addIssue({ code: 'custom', path: ['link'], message: 'approvers need link: signed_in.' })
        if (new Set(keys).size !== keys.length)
          ctx.addIssue({ code: 'custom', path: ['actions'], message: 'Each action needs a key of its own.' })
      }),
    output: createdApproval,
    errors: ['KEY_PATH_NOT_ALLOWED', 'MAIL_OFF'],
    example: {
      input: {
        key_path: 'deploy/prod',
        actions: [
          { key: 'approve', value: 'approved', style: 'primary' },
          { key: 'reject', value: 'rejected', style: 'danger' },
        ],
        info: 'Deploy v2.1.0 to production',
      },
      output: {
        approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        url: 'https://countersign.example/a/6XK8Q4R2M7T9V3W5Y1Z0ABCDEF',
        expires_at: '2025-01-01T12:30:00.000Z',
        status: 'pending',
        action_hash: exampleHash,
      },
    },
    idempotent: true,
  }),
  list: endpoint({
    method: 'GET',
    path: '/approvals',
    tag: 'Approvals',
    summary: 'List approvals',
    description: 'Newest first.',
    access: 'approvals:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({
      status: approvalStatus.optional(),
      key_path: keyPath.optional(),
      ref_id: text(255).optional().meta({ example: 'build-812', description: 'Your own reference, exactly.' }),
      since: time.optional().meta({ description: 'Created at or after.' }),
      until: time.optional().meta({ description: 'Created before.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(approval),
    errors: [],
    example: { output: { items: [exampleApproval], next_cursor: null } },
  }),
  get: endpoint({
    method: 'GET',
    path: '/approvals/{approval_id}',
    tag: 'Approvals',
    summary: 'Read an approval',
    description: 'With `wait` the reply comes as soon as the approval is no longer pending, or at the end of the wait.',
    access: 'approvals:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({ approval_id: id, wait: wait.optional() }),
    output: approval,
    errors: ['NOT_FOUND'],
    example: { output: exampleApproval },
  }),
  invalidate: endpoint({
    method: 'POST',
    path: '/approvals/{approval_id}/invalidate',
    tag: 'Approvals',
    summary: 'Invalidate an approval before it is used',
    description: 'Idempotent: invalidating twice answers 204 twice. 403 once it was executed or has expired.',
    access: 'approvals:write',
    limit: 'key write',
    status: 204,
    input: z.strictObject({ approval_id: id }),
    output: z.void(),
    errors: ['NOT_FOUND', 'APPROVAL_USED', 'APPROVAL_EXPIRED', 'LOCKED'],
    example: {},
  }),
  open: endpoint({
    method: 'GET',
    path: '/link/approvals/{token}',
    tag: 'Approval links',
    summary: 'Look at an approval by its link',
    description:
      'What the approval page shows. Changes nothing however often it is read. One that asks for sign-in shows only who asks, in which project, until when. Sets a session cookie that the CSRF token is bound to. With `wait` the reply comes as soon as the approval is no longer pending, or at the end of the wait.',
    access: 'public',
    limit: 'approval read',
    status: 200,
    input: z.strictObject({ ...link, wait: wait.optional() }),
    output: opened,
    errors: ['NOT_FOUND'],
    example: {
      output: {
        status: 'pending',
        project: 'demo',
        key_path: 'deploy/prod',
        info: 'Deploy v2.1.0 to production',
        ref_id: null,
        payload: null,
        actions: [{ key: 'approve', label: 'Approve', style: 'primary' }],
        requested_by: { name: 'ci', type: 'key' },
        created_at: '2025-01-01T12:20:00.000Z',
        expires_at: '2025-01-01T12:30:00.000Z',
        server_time: '2025-01-01T12:21:00.000Z',
        needs: { pin: false, comment: 'optional', match_number: false, sign_in: false },
        attempts_left: 5,
        csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M',
        action_hash: exampleHash,
      },
    },
    visit: true,
  }),
  act: endpoint({
    method: 'POST',
    path: '/link/approvals/{token}/act',
    tag: 'Approval links',
    summary: 'Decide an approval by its link',
    description:
      'Exactly one call succeeds, whoever races. A wrong PIN or number counts as an attempt; the fifth locks the approval for good. Approvals that ask for sign-in are decided on their page or in the dashboard: REST knows no sessions.',
    access: 'public',
    limit: 'approval action',
    status: 200,
    input: z.strictObject({
      ...link,
      ...decisionFields,
      csrf_token: secret(z.string().max(200)).meta({ description: 'From opening the link in this same session.' }),
    }),
    output: z.strictObject({ status: z.literal('executed'), action: actionKey }),
    errors: [...decided, ...guarded],
    example: {
      input: { action: 'approve', csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M', action_hash: exampleHash },
      output: { status: 'executed', action: 'approve' },
    },
    visit: true,
  }),
  report: endpoint({
    method: 'POST',
    path: '/link/approvals/{token}/report',
    tag: 'Approval links',
    summary: 'Say that this approval was not expected',
    description: 'Invalidates the approval, decides nothing, and marks it for the project as reported. Idempotent.',
    access: 'public',
    limit: 'approval action',
    status: 204,
    input: z.strictObject({
      ...link,
      csrf_token: secret(z.string().max(200)).meta({ description: 'From opening the link in this same session.' }),
    }),
    output: z.void(),
    errors: [...decided, 'SIGN_IN_TO_DECIDE', 'NOT_AN_APPROVER'],
    example: { input: { csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M' } },
    visit: true,
  }),
  /** Decides by name, from the inbox: the rule of who may decide by name, for any approval, without the link. */
  decide: mutation({
    access: 'approvals:write',
    input: z.strictObject({ approval_id: id, ...decisionFields }),
    output: z.strictObject({ status: z.literal('executed'), action: actionKey }),
    errors: ['NOT_FOUND', 'APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_INVALIDATED', 'LOCKED', ...guarded],
  }),
  /** What happened to one approval, oldest first; addresses and agents only for who may read the audit log. */
  timeline: query({
    access: 'approvals:read',
    input: z.strictObject({ approval_id: id }),
    output: z.array(auditRow),
    errors: ['NOT_FOUND'],
  }),
  /** Invalidates many; says which could not be. */
  invalidateMany: mutation({
    access: 'approvals:write',
    input: z.strictObject({ approval_ids: z.array(id).min(1).max(100) }),
    output: z.strictObject({ invalidated: z.array(id), refused: z.array(id) }),
  }),
}
