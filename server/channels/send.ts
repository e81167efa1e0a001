import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelKind } from '../../shared/channels.ts'
import { systemCtx } from '../context.ts'
import { mailIsOn, sendMail } from '../mails/mail.ts'
import type { Delivery, Verdict } from '../outbox/delivery.ts'
import { eventOf } from '../outbox/told.ts'
import type { World } from '../world.ts'
import { type ChannelRow, selectChannels } from './channel.ts'
import { formatDiscord } from './discord.ts'
import type { Format } from './format.ts'
import { firstMessage, isBehindAnother, isOver, nameIn, remember } from './message.ts'
import { formatNtfy } from './ntfy.ts'
import { post, verdictOf } from './post.ts'
import { openTarget, type Target } from './sealing.ts'
import { formatSlack } from './slack.ts'
import { formatTeams } from './teams.ts'
import { type Notice, noticeOf } from './words.ts'

const formats: Readonly<Record<Exclude<ChannelKind, 'mail'>, Format>> = {
  slack: formatSlack,
  teams: formatTeams,
  discord: formatDiscord,
  ntfy: formatNtfy,
}

/** How long an outcome waits for the message before it, in ms: a try may take 15 s. */
const [patienceMs, pauseMs] = [20_000, 100]

/** A letter goes into the mail queue, which has its own retries. */
async function mail(world: World, { address }: Target, notice: Notice): Promise<Verdict> {
  if (!mailIsOn(world)) return { ok: false, code: 'MAIL_OFF' }
  const { title, sentence, facts, quote, link, approvalId, expiresAt } = notice
  const data = { title, sentence, facts, quote, link, approvalId, ...(expiresAt === null ? {} : { expiresAt }) }
  await sendMail(world.db.sql, systemCtx(world, 'deliverer'), address, { kind: 'channel notice', data })
  return { ok: true }
}

/** Brings a notice to a channel, once. The first message about an approval is remembered, so that the outcome can take its place. */
export async function bring(world: World, channel: ChannelRow, notice: Notice): Promise<Verdict> {
  const target = await openTarget(world, channel)
  const { kind } = channel
  if (kind === 'mail') return mail(world, target, notice)
  const { approvalId, place } = notice
  const first = approvalId === null || place !== 'last' ? undefined : await firstMessage(world, channel, approvalId)
  const format = formats[kind]
  let reply = await post(world, format(notice, target, first))
  // The first message was deleted by hand, or so was the webhook: a message of its own tells which.
  if (first !== undefined && 'status' in reply && reply.status === 404)
    reply = await post(world, format(notice, target))
  const verdict = verdictOf(reply, world.clock.now())
  const name = verdict.ok && 'body' in reply ? nameIn(kind, reply.body) : undefined
  if (name !== undefined && approvalId !== null && place === 'first') await remember(world, channel, approvalId, name)
  return verdict
}

/** Whether there is no use in a notice any more, after what must go before it has gone. */
async function isOutdated(world: World, delivery: Delivery, { approvalId, place }: Notice): Promise<boolean> {
  if (approvalId === null) return false
  if (place === 'first') return isOver(world, delivery, approvalId)
  for (let waited = 0; waited < patienceMs && (await isBehindAnother(world, delivery, approvalId)); waited += pauseMs)
    await sleep(pauseMs)
  return false
}

/** Tells a channel of an event: one try. What there is nothing to say of counts as done. */
export async function sendToChannel(world: World, delivery: Delivery): Promise<Verdict> {
  const { sql } = world.db
  const [channel] = await selectChannels(sql, delivery.project_id, sql`and id = ${delivery.channel_id}`)
  const event = channel && (await eventOf(sql, delivery))
  const notice = event && (await noticeOf(sql, world.config.publicUrl, event))
  if (!channel || !notice || (await isOutdated(world, delivery, notice))) return { ok: true }
  return bring(world, channel, notice)
}
