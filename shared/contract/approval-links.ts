import { z } from 'zod'
import { secret, wait } from '../words.ts'
import { exampleHash, linkToken } from './approval.ts'
import { decisionAnswer, decisionCodes, decisionFields, endedCodes } from './deciding.ts'
import { endpoint } from './endpoint.ts'
import { opened } from './opened.ts'

const link = { token: linkToken }

/** What the page of a link does: look, decide, and say that it was not expected. No key: the link is the right. */
export const approvalLinks = {
  open: endpoint({
    method: 'GET',
    path: '/link/approvals/{token}',
    tag: 'Approval links',
    summary: 'Look at an approval by its link',
    description:
      'What the approval page shows. Changes nothing however often it is read. One that asks for sign-in shows only who asks, in which project, until when. Sets a session cookie that the CSRF token is bound to. With `wait` the reply comes as soon as the approval is no longer pending, or at the end of the wait; for signed-in people of the project also when the votes changed since the request came.',
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
        needs: { pin: false, comment: 'optional', match_number: false, passkey: false, sign_in: false },
        attempts_left: 5,
        progress: null,
        release: null,
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
      'Exactly one call succeeds, whoever races; where several people must agree, each has one vote, which they may change until it is decided. A wrong PIN or number counts as an attempt; the fifth locks the approval for good. Approvals that ask for sign-in are decided on their page or in the dashboard: REST knows no sessions.',
    access: 'public',
    limit: 'approval action',
    status: 200,
    input: z.strictObject({
      ...link,
      ...decisionFields,
      csrf_token: secret(z.string().max(200)).meta({ description: 'From opening the link in this same session.' }),
    }),
    output: decisionAnswer,
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
}
