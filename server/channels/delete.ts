import type { contract } from '../../shared/contract/index.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findChannel } from './channel.ts'

/** Deletes a channel, and with it what is on its way there. Approvals that name it tell one place less. */
export const remove: Verb<typeof contract.channels.delete> = async (ctx, { channel_id: id }) => {
  const projectId = liveProjectOf(ctx.actor)
  await atomically(ctx.world.db.sql, async (tx) => {
    const { name } = await findChannel(tx, projectId, id, true)
    await tx`delete from channels where id = ${id}`
    const payload = { channel_id: id, name }
    await record(tx, ctx, { name: 'channel.deleted', projectId, target: `channel:${id}`, payload })
  })
}
