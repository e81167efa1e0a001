import type { z } from 'zod'
import type { permissions } from '../../shared/contract/permissions.ts'
import { actionHashOf } from '../approvals/approval.ts'
import { pathOf } from './permission.ts'

type Wish = z.output<typeof permissions.request.input>

/** What an approver of a request may press. */
const buttons = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'deny', value: 'denied', label: 'Deny', style: 'danger' },
]

/** What is shown to the approver, and what the decision is bound to: `action_hash` is over all of it. */
export function shownOf(id: string, { action, resource, scope, context, ttl, uses }: Wish) {
  const shown = {
    approval_id: id,
    key_path: pathOf(id),
    actions: buttons,
    info: null,
    ref_id: null,
    payload: { action, resource: resource ?? null, scope, context, ttl, uses },
    link: 'signed_in' as const,
  }
  return { ...shown, action_hash: actionHashOf(shown) }
}
