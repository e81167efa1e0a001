import { z } from 'zod'
import { action } from '../../shared/contract/approval.ts'
import { newApproval } from '../../shared/contract/new-approval.ts'
import { answer, justAsked } from './answer.ts'
import { tool } from './tool.ts'
import { untilAnswered, waitSeconds } from './waiting.ts'

const { key_path, info, ttl_seconds, ref_id, payload, comment, initial_value, release } = newApproval.shape

const asUsual = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'reject', value: 'rejected', label: 'Reject', style: 'danger' },
]

export const requestApproval = tool({
  name: 'request_approval',
  title: 'Ask for a decision',
  description:
    'Ask a signed-in person to choose between one and three actions. The choice sets the value key_path, which scripts read with read_value. Returns a status and a handle. Only `approved` is a yes; `rejected` is a no, and comment says why. If it is `pending`, call wait with the handle; silence is never consent. When a tool answered ONLY_BY_APPROVAL, ask here with release. To be allowed something yourself, use request_permission where you have it.',
  isFor: (holds) => holds('approvals:write') && holds('approvals:read'),
  waits: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    key_path,
    info: info.meta({ description: 'What is asked, as text or Markdown, for the person who decides.' }),
    actions: z
      .array(action)
      .min(1)
      .max(3)
      .default(asUsual)
      .meta({ description: 'One to three buttons; `danger` style, or the key reject or deny, marks a no.' }),
    ...{ ttl_seconds, ref_id, payload, comment, initial_value },
    release: release.meta({
      description:
        'What you need that leaves only by an approval: a release-only secret, codes of an account, or a value. After `approved` call read_release with the handle, once.',
    }),
    wait_seconds: waitSeconds,
  }),
  output: answer,
  async run(desk, { wait_seconds, ...wish }) {
    const began = performance.now()
    // Whoever the key is: a link that decides by itself is nothing for a model.
    const asked = await desk.call('approvals.create', { ...wish, link: 'signed_in' }, desk.signal)
    const { approval_id, approval_url, expires_at } = asked
    const first = justAsked(`approval:${approval_id}`, expires_at, approval_url)
    if (approval_url !== undefined)
      await desk.show(first.handle, approval_url, `Sign in and decide about ${wish.key_path}.`)
    const answer = wait_seconds === 0 ? first : await untilAnswered(desk, first.handle, wait_seconds, began)
    return answer.status === 'pending' ? first : answer
  },
})
