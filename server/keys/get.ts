import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findKey, shownKey } from './key.ts'

/** A key of the project or its twin, all but its text. */
export const get: Verb<typeof contract.keys.get> = async (ctx, { keyId }) => {
  const row = await findKey(ctx.world.db.sql, liveProjectOf(ctx.actor), keyId)
  return row ? shownKey(row) : refuse('NOT_FOUND')
}
