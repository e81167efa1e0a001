import type { z } from 'zod'
import type { Action } from '../../drizzle/schema/approvals.ts'
import type { newApproval } from '../../shared/contract/new-approval.ts'
import { labelOf } from './approval.ts'

type Wish = z.output<typeof newApproval>

/** The caller's actions with every word filled in; `value` alone is one Approve button, and `actions` win over it. */
function actionsOf(wish: Wish): Action[] {
  if (!wish.actions) return [{ key: 'approve', value: wish.value ?? '', label: 'Approve', style: 'primary' }]
  return wish.actions.map(({ key, value, label, style }) => ({
    key,
    value,
    label: label ?? labelOf(key),
    style: style ?? 'default',
  }))
}

/** Who may decide, frozen: the one group's names, each once. */
const approversOf = (wish: Wish): string[] | undefined =>
  wish.approvers && [...new Set(wish.approvers.flatMap((group) => group.any_of))]

/** What the approver of a wish is shown and decides on: what its `action_hash` is over, at the server and for who asked. */
export function shownOf(id: string, wish: Wish) {
  const approvers = approversOf(wish)
  return {
    approval_id: id,
    key_path: wish.key_path,
    actions: actionsOf(wish),
    info: wish.info ?? null,
    ref_id: wish.ref_id ?? null,
    payload: wish.payload ?? null,
    ...(approvers || wish.link === 'signed_in' ? { link: 'signed_in' as const } : {}),
    ...(approvers ? { approvers } : {}),
  }
}
