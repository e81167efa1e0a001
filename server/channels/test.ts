import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { record } from '../events/event.ts'
import { mailIsOn } from '../mails/mail.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findChannel } from './channel.ts'
import { bring } from './send.ts'
import { testNotice } from './words.ts'

/** Sends a test message and answers what came back. A mail counts as delivered once it is in the queue, where every mail waits. */
export const test: Verb<typeof contract.channels.test> = async (ctx, { channel_id: id }) => {
  const { world } = ctx
  const projectId = liveProjectOf(ctx.actor)
  const channel = await findChannel(world.db.sql, projectId, id)
  if (channel.kind === 'mail' && !mailIsOn(world)) refuse('MAIL_OFF')
  const [project] = await world.db.sql<{ name: string }[]>`select name from projects where id = ${projectId}`
  const verdict = await bring(world, channel, testNotice(world.config.publicUrl, projectId, project?.name ?? ''))
  const payload = { channel_id: id, name: channel.name, delivered: verdict.ok }
  await record(world.db.sql, ctx, { name: 'channel.tested', projectId, target: `channel:${id}`, payload })
  return {
    delivered: verdict.ok,
    status: verdict.status ?? null,
    error: verdict.ok ? null : verdict.code,
  }
}
