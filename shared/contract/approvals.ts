import { z } from 'zod'
import {
  actorRef,
  cursor,
  id,
  jsonObject,
  keyPath,
  page,
  pageLimit,
  style,
  text,
  time,
  valueText,
  wait,
} from '../words.ts'
import { endpoint } from './endpoint.ts'

/** Where an approval stands (seed 0). Everything but `pending` is final. */
export const approvalStatus = z
  .enum(['pending', 'executed', 'expired', 'invalidated', 'locked'])
  .meta({ id: 'ApprovalStatus', description: 'Everything but `pending` is final.' })

export type ApprovalStatus = z.infer<typeof approvalStatus>

/** How many wrong PINs or numbers lock an approval (seed 0). */
export const attemptsAllowed = 5

const actionKey = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'Takes 1 to 64 of A-Z a-z 0-9 . _ -')
const label = text(80).min(1)
const pin = z.string().regex(/^\d{4,12}$/, 'Must be 4 to 12 digits.')
const matchNumber = z.string().regex(/^\d{3}$/, 'Must be three digits.')
const commentMode = z.enum(['optional', 'required', 'off'])

/** The link's capability: 26 Crockford base32 characters, 130 random bits. */
export const linkToken = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/, 'Must be the last part of an approval link.')
  .meta({ example: '6XK8Q4R2M7T9V3W5Y1Z0ABCDEF' })

const actionHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Must be an action_hash as returned.')
  .meta({
    description: 'SHA-256 over the canonical JSON (RFC 8785) of everything the approver is shown and decides on.',
  })

const action = z
  .strictObject({
    key: actionKey.meta({ example: 'approve', description: 'Names the action; unique among its actions.' }),
    value: valueText.meta({ description: 'What the value becomes when this action is chosen.' }),
    label: label.optional().meta({ example: 'Approve', description: 'Text of the button; made from `key` if absent.' }),
    style: style.optional(),
  })
  .meta({ id: 'Action', description: 'One button of an approval, and the value it sets.' })

const shownAction = z
  .strictObject({ key: actionKey, label: z.string(), style })
  .meta({ id: 'ShownAction', description: 'A button as the approver sees it.' })

const decision = z
  .strictObject({
    action: z.string(),
    label: z.string(),
    value: z.string(),
    comment: z.string().nullable(),
    decided_by: actorRef,
    decided_at: time,
    evidence: z
      .strictObject({
        ip: z.string(),
        user_agent: z.string().nullable(),
        dwell_ms: z.number().int().nullable(),
      })
      .meta({ description: 'What was seen of the decider; dwell_ms is the time from first opening to deciding.' }),
  })
  .meta({ id: 'Decision', description: 'Which action was chosen, by whom and when.' })

/** An approval as its project sees it. Never the link, never the PIN. */
export const approval = z
  .strictObject({
    approval_id: id,
    status: approvalStatus,
    key_path: keyPath,
    actions: z.array(shownAction.extend({ value: z.string() })),
    info: z.string().nullable(),
    ref_id: z.string().nullable(),
    payload: z.record(z.string(), z.unknown()).nullable(),
    action_hash: actionHash,
    needs: z.strictObject({ pin: z.boolean(), comment: commentMode, match_number: z.boolean() }),
    attempts_left: z.number().int(),
    created_at: time,
    created_by: actorRef,
    expires_at: time,
    ended_at: time.nullable(),
    ended_by: actorRef.nullable(),
    reported: z.boolean().meta({ description: 'The link holder said that this was not expected.' }),
    decision: decision.nullable(),
  })
  .meta({ id: 'Approval', description: 'An approval as its project sees it. Never its link, never its PIN.' })

const hash = 'c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a'

const example = {
  approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  status: 'pending',
  key_path: 'deploy/prod',
  actions: [{ key: 'approve', label: 'Approve', style: 'primary', value: 'approved' }],
  info: 'Deploy v2.1.0 to production',
  ref_id: null,
  payload: null,
  action_hash: hash,
  needs: { pin: false, comment: 'optional', match_number: false },
  attempts_left: 5,
  created_at: '2025-01-01T12:20:00.000Z',
  created_by: { type: 'key', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'ci' },
  expires_at: '2025-01-01T12:30:00.000Z',
  ended_at: null,
  ended_by: null,
  reported: false,
  decision: null,
}

/** Reply of a creation: seed 0's three fields, then ours. `pin` and `match_number` are shown here once. */
export const createdApproval = z
  .strictObject({
    approval_id: id,
    url: z.url().meta({ description: 'The link to give to the approver. Whoever holds it may decide.' }),
    expires_at: time,
    status: approvalStatus,
    action_hash: actionHash,
    pin: z.string().optional().meta({ description: 'The PIN made for `"pin": "generate"`; shown here only.' }),
    match_number: z.string().optional().meta({ description: 'The number to show the approver; shown here only.' }),
  })
  .meta({ id: 'CreatedApproval', description: 'A new approval with its link.' })

const opened = z
  .strictObject({
    status: approvalStatus,
    project: z.string(),
    key_path: keyPath,
    info: z.string().nullable(),
    ref_id: z.string().nullable(),
    payload: z.record(z.string(), z.unknown()).nullable(),
    actions: z.array(shownAction),
    requested_by: z.strictObject({ name: z.string(), type: actorRef.shape.type }),
    created_at: time,
    expires_at: time,
    server_time: time,
    needs: z.strictObject({
      pin: z.boolean(),
      comment: commentMode,
      match_number: z.boolean(),
      sign_in: z.boolean(),
    }),
    attempts_left: z.number().int(),
    csrf_token: z.string(),
    action_hash: actionHash,
    outcome: z
      .strictObject({
        at: time,
        action: shownAction.nullable(),
        comment: z.string().nullable(),
        by_you: z.boolean().meta({ description: 'Decided in this browser.' }),
        reported: z.boolean(),
      })
      .optional(),
  })
  .meta({ id: 'OpenedApproval', description: 'An approval as the holder of its link sees it.' })

const link = { token: linkToken }

const decided = [
  'NOT_FOUND',
  'APPROVAL_USED',
  'APPROVAL_EXPIRED',
  'APPROVAL_INVALIDATED',
  'LOCKED',
  'CSRF_FAILED',
] as const

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
        pin: z
          .string()
          .regex(/^(\d{4,12}|generate)$/, 'Must be 4 to 12 digits, or "generate".')
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
      })
      .superRefine((input, ctx) => {
        if (input.value === undefined && input.actions === undefined)
          ctx.addIssue({ code: 'custom', path: ['value'], message: 'Send value or actions.' })
        const keys = input.actions?.map((one) => one.key) ?? []
        if (new Set(keys).size !== keys.length)
          ctx.addIssue({ code: 'custom', path: ['actions'], message: 'Each action needs a key of its own.' })
      }),
    output: createdApproval,
    errors: ['KEY_PATH_NOT_ALLOWED'],
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
        action_hash: hash,
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
    errors: ['KEY_PATH_NOT_ALLOWED'],
    example: { output: { items: [example], next_cursor: null } },
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
    example: { output: example },
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
      'What the approval page shows. Changes nothing however often it is read. Sets a session cookie that the CSRF token is bound to. With `wait` the reply comes as soon as the approval is no longer pending, or at the end of the wait.',
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
        action_hash: hash,
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
      'Exactly one call succeeds, whoever races. A wrong PIN or number counts as an attempt; the fifth locks the approval for good.',
    access: 'public',
    limit: 'approval action',
    status: 200,
    input: z.strictObject({
      ...link,
      action: text(200).meta({ description: 'The key of one of the actions.' }),
      csrf_token: z.string().max(200).meta({ description: 'From opening the link in this same session.' }),
      action_hash: actionHash,
      pin: pin.optional().meta({ description: 'When `needs.pin`.' }),
      comment: text(2000).optional().meta({ description: 'As `needs.comment` says.' }),
      match_number: matchNumber.optional().meta({ description: 'When `needs.match_number`.' }),
    }),
    output: z.strictObject({ status: z.literal('executed'), action: actionKey }),
    errors: [
      ...decided,
      'INVALID_ACTION_KEY',
      'ACTION_CHANGED',
      'PIN_REQUIRED',
      'WRONG_PIN',
      'MATCH_NUMBER_REQUIRED',
      'WRONG_MATCH_NUMBER',
      'COMMENT_REQUIRED',
      'COMMENT_OFF',
    ],
    example: {
      input: { action: 'approve', csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M', action_hash: hash },
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
      csrf_token: z.string().max(200).meta({ description: 'From opening the link in this same session.' }),
    }),
    output: z.void(),
    errors: [...decided],
    example: { input: { csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M' } },
    visit: true,
  }),
}
