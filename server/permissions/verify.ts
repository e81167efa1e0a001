import type { contract } from '../../shared/contract/index.ts'
import type { PermissionStatus } from '../../shared/contract/permission.ts'
import type { Verb } from '../verb.ts'
import { findPermission, isItsToken, scopeOf } from './permission.ts'

const why: Record<Exclude<PermissionStatus, 'approved'>, string> = {
  pending: 'Nobody has answered this request yet.',
  denied: 'The permission was denied.',
  expired: 'The permission has expired.',
  used: 'The token has been used.',
  revoked: 'The permission was revoked.',
}

/** Says whether a token would be taken now, and for what. Uses nothing. */
export const verify: Verb<typeof contract.permissions.verify> = async (ctx, { id, token }) => {
  const row = await findPermission(ctx, id, 'use')
  const reason = !isItsToken(ctx.world, row, token)
    ? 'This is not the token of this permission.'
    : row.status === 'approved'
      ? null
      : why[row.status]
  return {
    valid: reason === null,
    status: row.status,
    env: row.env,
    scope: reason === null ? scopeOf(row) : null,
    uses_remaining: row.uses - row.used,
    expires_at: row.ends_at.toISOString(),
    reason,
  }
}
