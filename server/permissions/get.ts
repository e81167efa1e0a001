import type { contract } from '../../shared/contract/index.ts'
import { topicOf } from '../approvals/approval.ts'
import type { Verb } from '../verb.ts'
import { waitFor } from '../wait.ts'
import { findPermission, present } from './permission.ts'

/** Reads a permission request; with `wait`, as soon as it is no longer pending: its approval's change wakes. */
export const get: Verb<typeof contract.permissions.get> = async (ctx, { id, wait }) => {
  const row = await waitFor(
    ctx,
    topicOf(id),
    wait,
    () => findPermission(ctx, id),
    (found) => found.status !== 'pending',
  )
  return present(ctx, row)
}
