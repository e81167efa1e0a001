import type { Approval } from './approvals.ts'

export type Outcome = 'pending' | 'approved' | 'rejected' | 'expired' | 'invalidated' | 'locked'

/**
 * Whether choosing this action is a no: its style is `danger`, it is a veto (which one person gives where several must agree),
 * or its key is `reject` or `deny`.
 */
export const isRejection = ({ key, style, veto }: { key: string; style?: string; veto?: boolean }): boolean =>
  style === 'danger' || veto === true || /^(reject|deny)$/i.test(key)

/** How an approval ended: its status, with `executed` told apart by the action that was chosen. */
export function outcomeOf({ status, actions, decision }: Approval): Outcome {
  if (status !== 'executed') return status
  const chosen = actions.find(({ key }) => key === decision?.action)
  return chosen && !isRejection(chosen) ? 'approved' : 'rejected'
}
