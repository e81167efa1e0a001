import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { revokeKey } from './key.ts'

/** Ends a key for good, at once on every node; again is no fault. */
export const revoke: Verb<typeof contract.keys.revoke> = async (ctx, { keyId }) => {
  if (!(await revokeKey(ctx.world.db.sql, ctx, liveProjectOf(ctx.actor), keyId))) refuse('NOT_FOUND')
}
