import { z } from 'zod'
import { outcomeOf } from '../../clients/typescript/src/outcome.ts'
import type { Output } from './call.ts'
import { message } from './tool.ts'

export const handle = z
  .string()
  .regex(/^(permission|approval):[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'Must be a handle as request_… or wait returned it.')
  .meta({
    description: 'Names the request, as `permission:<id>` or `approval:<id>`. Give it to wait. It opens nothing.',
  })

/** How a request stands, whichever kind it is. */
export const answer = z.strictObject({
  message,
  handle,
  status: z
    .enum(['pending', 'approved', 'denied', 'rejected', 'expired', 'used', 'revoked', 'invalidated', 'locked'])
    .meta({
      description: 'Only `approved` is a yes. `pending` and `expired` mean that nobody answered: that is no yes.',
    }),
  comment: z.string().nullable().meta({ description: 'What the person, or the policy, said to it.' }),
  decided_by: z.string().nullable(),
  expires_at: z
    .string()
    .nullable()
    .meta({ description: 'While pending the end of deciding; of a permission then its token’s.' }),
  approval_url: z
    .string()
    .optional()
    .meta({ description: 'While pending: where a person signs in and answers. Show it to the user; do not open it.' }),
  token: z.string().optional().meta({ description: 'Of an approved permission: for use_permission, before acting.' }),
  scope: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Of an approved permission: exactly what is allowed. It may be less than was asked.' }),
  uses_remaining: z.number().int().optional(),
  action: z.string().optional().meta({ description: 'Of a decided approval: the key of the button that was pressed.' }),
  value: z.string().optional().meta({ description: 'Of a decided approval: the value that it set.' }),
})

export type Answer = z.infer<typeof answer>

const stillOpen = (handle: string, until: string) =>
  `Nobody has answered yet. Silence is never consent: do not act. Call wait with the handle ${handle}; a signed-in person can answer until ${until}.`

/** What was just asked, and nobody can have answered yet. */
export const justAsked = (handle: string, expires_at: string, approval_url: string | undefined): Answer => ({
  message: stillOpen(handle, expires_at),
  ...{ handle, status: 'pending', comment: null, decided_by: null, expires_at },
  ...(approval_url === undefined ? {} : { approval_url }),
})

const nobody =
  'The time is up and nobody answered. Silence is never consent: do not act. Ask again only if it is still needed.'

const no = (word: string, by: string | null, comment: string | null) =>
  `${word}${by === null ? '' : ` by ${by}`}${comment ? `: ${comment}` : '.'}`

/** A permission request as a model is told of it. */
export function ofPermission(asked: Output<'permissions.request'>): Answer {
  const { id, status, expires_at, reason: comment, scope, uses_remaining, token, approval_url } = asked
  // What nobody answered is ended by the service, which is no answer.
  const answered = asked.env === 'test' || ['person', 'policy'].includes(asked.decided_by?.type ?? '')
  const by = answered ? (asked.decided_by?.name ?? null) : null
  const name = `permission:${id}`
  const messages: Record<typeof status, string> = {
    pending: stillOpen(name, expires_at),
    approved: `${no('Approved', by, comment)} Allowed is exactly what scope says, until ${expires_at}. Before you act, call use_permission with this handle and token, once for each time you act, and act only if it succeeds.`,
    denied: `${no('Denied', by, comment)} Do not act, and do not ask for the same again unless something has changed.`,
    expired: answered ? 'The permission has expired: do not act. Ask again if it is needed.' : nobody,
    used: 'This permission is used up: do not act on it again. Ask again if it is needed.',
    revoked: `${no('The permission was revoked', null, comment)} Do not act.`,
  }
  return {
    message: messages[status],
    handle: name,
    status,
    comment,
    decided_by: by,
    expires_at,
    ...(approval_url === undefined ? {} : { approval_url }),
    ...(status === 'approved' ? { scope, uses_remaining, ...(token === undefined ? {} : { token }) } : {}),
  }
}

/** An approval as a model is told of it. */
export function ofApproval(read: Output<'approvals.get'>): Answer {
  const { approval_id, expires_at, decision } = read
  const status = outcomeOf(read)
  const comment = decision?.comment ?? null
  const by = decision?.decided_by.name ?? null
  const name = `approval:${approval_id}`
  const messages: Record<typeof status, string> = {
    pending: stillOpen(name, expires_at),
    approved: `${no('Approved', by, comment)} Act on action and value as they are.`,
    rejected: `${no('Rejected', by, comment)} Do not act.`,
    expired: nobody,
    invalidated: 'This request was withdrawn before anybody answered: do not act.',
    locked: 'This request is locked after wrong attempts: do not act. Ask again if it is needed.',
  }
  return {
    message: messages[status],
    handle: name,
    status,
    comment,
    decided_by: by,
    expires_at,
    ...(decision ? { action: decision.action, value: decision.value } : {}),
  }
}
