import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import { pageOfRequests } from '../requests/page.ts'
import type { Verb } from '../verb.ts'
import { findKey } from './key.ts'

/** The access log of one key, newest first. */
export const requests: Verb<typeof contract.keys.requests> = async (ctx, { keyId, ...filters }) => {
  const projectId = liveProjectOf(ctx.actor)
  if (!(await findKey(ctx.world.db.sql, projectId, keyId))) refuse('NOT_FOUND')
  return pageOfRequests(ctx.world, projectId, { ...filters, key_id: keyId })
}
