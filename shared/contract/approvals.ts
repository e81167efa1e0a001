import { z } from 'zod'
import { cursor, id, keyPath, page, pageLimit, secret, text, time, wait } from '../words.ts'
import {
  actionKey,
  approval,
  approvalStatus,
  createdApproval,
  exampleApproval,
  exampleHash,
  linkToken,
  opened,
} from './approval.ts'
import { auditRow } from './audit.ts'
import { decisionCodes, decisionFields, endedCodes, permissionDecision } from './deciding.ts'
import { endpoint, mutation, query } from './endpoint.ts'
import { newApproval } from './new-approval.ts'

const link = { token: linkToken }

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
    input: newApproval,
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
    errors: [...endedCodes, 'CSRF_FAILED', ...decisionCodes],
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
    errors: [...endedCodes, 'CSRF_FAILED', 'SIGN_IN_TO_DECIDE', 'NOT_AN_APPROVER'],
    example: { input: { csrf_token: 'Jc1mVQm2N0d1pY4r0xCw0E6vQ3n8a5sT7uZ9kL2bH4M' } },
    visit: true,
  }),
  /** Decides by name, from the inbox: the rule of who may decide by name, for any approval, without the link. */
  decide: mutation({
    access: 'approvals:write',
    input: z.strictObject({ approval_id: id, ...decisionFields, ...permissionDecision }),
    output: z.strictObject({ status: z.literal('executed'), action: actionKey }),
    errors: [...endedCodes, ...decisionCodes, 'SCOPE_WIDER'],
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
