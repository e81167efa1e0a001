import type { contract } from '../../shared/contract/index.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { pageOfRequests } from './page.ts'

/** The access log of all keys of the project and its twin, newest first. */
export const list: Verb<typeof contract.requests.list> = async (ctx, filters) =>
  pageOfRequests(ctx.world, liveProjectOf(ctx.actor), filters)
