import type { z } from 'zod'
import type { Action, Group, Release } from '../../drizzle/schema/approvals.ts'
import type { newApproval } from '../../shared/contract/new-approval.ts'
import { labelOf } from './approval.ts'

type Wish = z.output<typeof newApproval>

/** The caller's actions with every word filled in; `value` alone is one Approve button, and `actions` win over it. */
function actionsOf(wish: Wish): Action[] {
  if (!wish.actions) return [{ key: 'approve', value: wish.value ?? '', label: 'Approve', style: 'primary' }]
  return wish.actions.map(({ key, value, label, style, veto }) => ({
    key,
    value,
    label: label ?? labelOf(key),
    style: style ?? 'default',
    ...(veto === undefined ? {} : { veto }),
  }))
}

/** Everybody named, each once. */
export const namesOf = (wish: Wish): string[] | undefined =>
  wish.approvers && [...new Set(wish.approvers.flatMap((group) => group.any_of))]

/** The groups, frozen, where more than one person must agree. */
export function groupsOf({ approvers }: Wish): Group[] | undefined {
  if (!approvers || (approvers.length === 1 && approvers[0]?.required === 1)) return undefined
  return approvers.map(({ any_of, required }) => ({ any_of: [...new Set(any_of)], required }))
}

/** What is to leave, with every word filled in; undefined: nothing. */
export function releaseOf({ release }: Wish): Release | undefined {
  if (!release) return undefined
  const { secret, account, codes = 1, value, seconds } = release
  if (secret !== undefined) return { secret, seconds }
  if (account !== undefined) return { account, codes, seconds }
  return value === undefined ? undefined : { value, seconds }
}

/** True when only a signed-in person may decide, whether or not the caller said so: what leaves, or is proven by a passkey, needs a name. */
export const needsName = (wish: Wish): boolean =>
  wish.link === 'signed_in' || wish.approvers !== undefined || wish.passkey || wish.release !== undefined

/** What the approver of a wish is shown and decides on: what its `action_hash` is over, at the server and for who asked. */
export function shownOf(id: string, wish: Wish) {
  const approvers = groupsOf(wish) ?? namesOf(wish)
  const release = releaseOf(wish)
  return {
    approval_id: id,
    key_path: wish.key_path,
    actions: actionsOf(wish),
    info: wish.info ?? null,
    ref_id: wish.ref_id ?? null,
    payload: wish.payload ?? null,
    ...(needsName(wish) ? { link: 'signed_in' as const } : {}),
    ...(approvers ? { approvers } : {}),
    ...(wish.passkey ? { passkey: true as const } : {}),
    ...(release ? { release } : {}),
  }
}
