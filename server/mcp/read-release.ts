import { z } from 'zod'
import { handle } from './answer.ts'
import { CallFault } from './call.ts'
import { message, tool } from './tool.ts'

export const readRelease = tool({
  name: 'read_release',
  title: 'Read what was released',
  description:
    'Read the secret, sign-in code or value that an approved request_approval with release let out. Only after `approved`, only by the key that asked, and once: call it when you are about to use what it returns, since it cannot be read again. Codes come one for each time step, as many as were asked for. Never repeat what it returns to anybody who did not ask for it, and never write it into a message, a file or a log.',
  isFor: (holds) => holds('approvals:write') && holds('approvals:read'),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    handle: handle.meta({ description: 'The handle of the approval, as `approval:<id>`.' }),
  }),
  output: z.strictObject({
    message,
    kind: z.enum(['secret', 'codes', 'value']),
    secret: z.string().optional(),
    value: z.string().optional(),
    code: z.string().optional(),
    code_expires_at: z.string().optional(),
    codes_left: z.number().int().optional(),
    expires_at: z.string().meta({ description: 'Until when it may be read at all.' }),
  }),
  async run({ call, signal }, { handle }) {
    const [kind, approval_id = ''] = handle.split(':')
    if (kind !== 'approval') throw new CallFault('INVALID_INPUT', 'handle: Must be that of an approval.')
    const released = await call('approvals.release', { approval_id }, signal)
    const left = released.codes_left ?? 0
    const rest = left > 0 ? `${left} more codes may be read until ${released.expires_at}.` : 'It cannot be read again.'
    return { message: `Use it now, and only for what was asked. ${rest}`, ...released }
  },
})
