import type { Approval, NewApproval, PermissionRequest, PermissionWish } from '../../clients/typescript/src/index.ts'
import { isRejection } from '../../clients/typescript/src/index.ts'
import { newApproval } from '../../shared/contract/new-approval.ts'
import { permissions } from '../../shared/contract/permissions.ts'
import { wider } from '../../shared/narrow.ts'
import { actionHashOf } from '../approvals/approval.ts'
import { shownOf } from '../approvals/shown.ts'
import { canonical } from '../lib/canonical.ts'
import { shownOf as shownRequestOf } from '../permissions/shown.ts'

/*
 * What an answer must be bound to before anything is done by it: not what the server says that was asked, but what was
 * asked. `action_hash` is made anew here, by RFC 8785, over all that the approver was shown.
 */

/** Why an approval is not the one that was asked for, as a sentence; undefined when it is. */
export function strangeness(
  wish: NewApproval,
  asked: { approval_id: string; action_hash: string },
  answer?: Approval,
): string | undefined {
  const meant = newApproval.parse(wish)
  // An agent is always decided about by signed-in people, which it need not say.
  const ways = [meant, { ...meant, link: 'signed_in' as const }]
  const hashes = ways.map((way) => actionHashOf(shownOf(asked.approval_id, way)))
  if (!hashes.includes(asked.action_hash)) return 'The request is bound to something else than what was asked.'
  if (!answer) return undefined
  const same = answer.approval_id === asked.approval_id && answer.action_hash === asked.action_hash
  return same && answer.key_path === wish.key_path ? undefined : 'The answer is to another request.'
}

/** Whether what was chosen is a yes by our own words: one of our buttons, which is no rejection, with the value that we gave it. */
export function isOurYes(wish: NewApproval, said: { action: string; value: string | null } | null): boolean {
  const chosen = wish.actions?.find(({ key }) => key === said?.action)
  return chosen !== undefined && !isRejection(chosen) && chosen.value === said?.value
}

export const isYes = (wish: NewApproval, { status, decision }: Approval): boolean =>
  status === 'executed' && isOurYes(wish, decision)

/** The same of a permission request. */
export function strangeRequest(wish: PermissionWish, id: string, request: PermissionRequest): string | undefined {
  const meant = permissions.request.input.parse(wish)
  const sameWords = request.action === meant.action && request.resource === (meant.resource ?? null)
  if (request.id !== id || !sameWords || request.action_hash !== shownRequestOf(id, meant).action_hash)
    return 'The request is bound to something else than what was asked.'
  const [more] = wider(meant.scope, request.scope)
  return more && `The answer allows more than was asked: ${more.path}.`
}

export const sameScope = (one: Record<string, unknown>, other: Record<string, unknown>): boolean =>
  canonical(one) === canonical(other)
