import type { components } from './api.ts'
import { PermissionDeniedError, PermissionExpiredError, TokenRevokedError, TokenUsedError } from './error.ts'

export type PermissionRequest = components['schemas']['PermissionRequest']

/** One that was allowed: `scope` is what, which may be less than what was asked. */
export type GrantedPermission = PermissionRequest & { token: string }

/** Whether nobody has answered yet. */
export const isPending = ({ status }: PermissionRequest): boolean => status === 'pending'

/**
 * An answered request as a yes. Whatever else it is, and silence too, is none.
 * @throws {PermissionDeniedError} @throws {PermissionExpiredError} @throws {TokenUsedError} @throws {TokenRevokedError}
 */
export function grantedOf(answered: PermissionRequest): GrantedPermission {
  const { id, status, reason, token } = answered
  if (status === 'approved' && token !== undefined) return { ...answered, token }
  const details = { id, status, reason }
  const why = reason === null ? '.' : `: ${reason}`
  switch (status) {
    case 'denied':
      throw new PermissionDeniedError({
        code: 'PERMISSION_DENIED',
        message: `The permission was denied${why}`,
        details,
      })
    case 'revoked':
      throw new TokenRevokedError({ code: 'TOKEN_REVOKED', message: `The permission was revoked${why}`, details })
    case 'used':
    case 'approved':
      throw new TokenUsedError({ code: 'TOKEN_USED', message: 'The token was used already; ask again.', details })
    default:
      throw new PermissionExpiredError({
        code: 'TOKEN_EXPIRED',
        message: 'Nobody answered in time; ask again.',
        details,
      })
  }
}
