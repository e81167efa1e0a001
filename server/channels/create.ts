import { mostChannels } from '../../shared/channels.ts'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { actorRef } from '../context.ts'
import { record } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn } from '../mails/mail.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { addressFor, tokenFor } from './address.ts'
import { findChannel, present } from './channel.ts'
import { sealTarget } from './sealing.ts'

/** Makes a channel. Refuses addresses that are none of its kind or lead inside, MAIL_OFF and TOO_MANY_CHANNELS. */
export const create: Verb<typeof contract.channels.create> = async (ctx, { kind, name, events, ...given }) => {
  const { world } = ctx
  const projectId = liveProjectOf(ctx.actor)
  if (kind === 'mail' && !mailIsOn(world)) refuse('MAIL_OFF')
  const target = { address: addressFor(world, kind, given.address), token: tokenFor(kind, given.token) }
  const made = await withNewestKey(world, () =>
    atomically(world.db.sql, async (tx) => {
      // The count is a rule over several rows; what only refers to the project is not held up.
      await tx`select 1 from projects where id = ${projectId} for no key update`
      const [there] = await tx`select count(*) >= ${mostChannels} as full from channels where project_id = ${projectId}`
      if (there?.full) refuse('TOO_MANY_CHANNELS')
      const id = newId()
      const { address, generation } = sealTarget(world, { id, project_id: projectId }, target)
      await tx`
        insert into channels (id, project_id, kind, name, address, generation, events, created_by)
        values (${id}, ${projectId}, ${kind}, ${name}, ${address}, ${generation}, ${events}, ${tx.json(actorRef(ctx.actor))})`
      const payload = { channel_id: id, name, kind }
      await record(tx, ctx, { name: 'channel.created', projectId, target: `channel:${id}`, payload })
      return findChannel(tx, projectId, id)
    }),
  )
  return present(world, made)
}
