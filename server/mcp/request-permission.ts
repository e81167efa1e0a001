import { z } from 'zod'
import { permissionFields } from '../../shared/contract/permission.ts'
import { text } from '../../shared/words.ts'
import { type Answer, answer, ofPermission } from './answer.ts'
import { CallFault, type Output } from './call.ts'
import { type Desk, tool } from './tool.ts'
import { untilAnswered, waitSeconds } from './waiting.ts'

const input = z.strictObject({
  action: permissionFields.action,
  resource: permissionFields.resource.optional(),
  scope: permissionFields.scope.default({}),
  reason: text(2000).min(1).meta({ description: 'Why, in words for the person who decides. It is shown first.' }),
  context: permissionFields.context
    .default({})
    .meta({ description: 'More facts for the person who decides; not part of what is allowed.' }),
  ttl: permissionFields.ttl.default(300),
  uses: permissionFields.uses.default(1),
  wait_seconds: waitSeconds,
})

type Asked = Pick<z.output<typeof input>, 'action' | 'resource'>

/** A no that a policy gave at once, in the shape of one that a person gives. */
function denied(fault: unknown): Answer {
  if (!(fault instanceof CallFault) || fault.code !== 'PERMISSION_DENIED') throw fault
  const { id, reason } = fault.details ?? {}
  const comment = typeof reason === 'string' ? reason : null
  return {
    message: `Denied${comment === null ? '.' : `: ${comment}`} Do not act, and do not ask for the same again unless something has changed.`,
    handle: `permission:${id}`,
    status: 'denied',
    comment,
    decided_by: null,
    expires_at: null,
  }
}

/** Waits for the answer to what was asked, after `began`. */
async function follow(
  desk: Desk,
  { action, resource }: Asked,
  asked: Output<'permissions.request'>,
  seconds: number,
  began: number,
): Promise<Answer> {
  const first = ofPermission(asked)
  if (first.status !== 'pending') return first
  if (asked.approval_url !== undefined) {
    const what = resource === undefined ? action : `${action} on ${resource}`
    await desk.show(first.handle, asked.approval_url, `Sign in and answer: may the agent do ${what}?`)
  }
  return seconds === 0 ? first : untilAnswered(desk, first.handle, seconds, began)
}

export const requestPermission = tool({
  name: 'request_permission',
  title: 'Ask for permission',
  description:
    'Ask before you act: for exactly one action, with a scope no wider than you need. A person, or a policy that a person wrote, answers; the person may allow less than you asked. Returns a status and a handle. Only `approved` is a yes, and it comes with a token: call use_permission with it before you act. If it is `pending`, call wait with the handle; silence is never consent. If it is `denied`, do not act; comment says why.',
  isFor: (holds) => holds('permissions:request'),
  waits: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  output: answer,
  run(desk, { wait_seconds, reason, context, ...wish }) {
    const began = performance.now()
    return desk
      .call('permissions.request', { ...wish, context: { ...context, reason } }, desk.signal)
      .then((asked) => follow(desk, wish, asked, wait_seconds, began), denied)
  },
})
