import type { contract } from '../../shared/contract/index.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findChannel, present } from './channel.ts'

/** One channel, its address masked. */
export const get: Verb<typeof contract.channels.get> = async (ctx, { channel_id: id }) =>
  present(ctx.world, await findChannel(ctx.world.db.sql, liveProjectOf(ctx.actor), id))
