import { z } from 'zod'
import { cursor, id, keyPath, page, pageLimit, text, time, wait } from '../words.ts'
import { approval, approvalStatus, createdApproval, exampleApproval, exampleHash } from './approval.ts'
import { approvalLinks } from './approval-links.ts'
import { approvalProofs } from './approval-proofs.ts'
import { auditRow } from './audit.ts'
import { decisionAnswer, decisionCodes, decisionFields, endedCodes, permissionDecision } from './deciding.ts'
import { endpoint, mutation, query } from './endpoint.ts'
import { newApproval } from './new-approval.ts'

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
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'MAIL_OFF', 'TOO_MANY_PENDING'],
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
  ...approvalProofs,
  ...approvalLinks,
  /** Decides by name, from the inbox: the rule of who may decide by name, for any approval, without the link. */
  decide: mutation({
    access: 'approvals:write',
    input: z.strictObject({ approval_id: id, ...decisionFields, ...permissionDecision }),
    output: decisionAnswer,
    errors: [...endedCodes, ...decisionCodes, 'SCOPE_WIDER'],
  }),
  /** Takes back one's vote, where several must agree and have not yet. */
  retract: mutation({
    access: 'approvals:write',
    input: z.strictObject({ approval_id: id }),
    output: z.void(),
    errors: endedCodes,
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
