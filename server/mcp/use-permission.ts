import { z } from 'zod'
import { permissionToken } from '../../shared/contract/permission.ts'
import { handle } from './answer.ts'
import { CallFault } from './call.ts'
import { message, tool } from './tool.ts'

export const usePermission = tool({
  name: 'use_permission',
  title: 'Use a permission',
  description:
    'Call this directly before you act on an approved permission, once for each time you act. Act only after it succeeded, and only within the scope that it returns. It cannot be undone: a token works as often as was asked for, usually once, and an error here (TOKEN_USED, TOKEN_EXPIRED, TOKEN_REVOKED) means that you must not act.',
  isFor: (holds) => holds('permissions:request'),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    handle: handle.meta({ description: 'The handle of the permission, as `permission:<id>`.' }),
    token: permissionToken.meta({ description: 'The token that came with `approved`.' }),
  }),
  output: z.strictObject({
    message,
    scope: z.record(z.string(), z.unknown()).meta({ description: 'Exactly what is allowed.' }),
    uses_remaining: z.number().int(),
  }),
  async run({ call, signal }, { handle, token }) {
    const [kind, id = ''] = handle.split(':')
    if (kind !== 'permission') throw new CallFault('INVALID_INPUT', 'handle: Must be that of a permission.')
    const { scope, uses_remaining } = await call('permissions.use', { id, token }, signal)
    return {
      message: `Counted. Act now, once, and only within scope.${uses_remaining === 0 ? ' The token works no more.' : ''}`,
      scope,
      uses_remaining,
    }
  },
})
