import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../shared/errors.ts'
import { sendToChannel } from '../channels/send.ts'
import { tally } from '../instance/tally.ts'
import { spanned } from '../lib/trace.ts'
import { claim, type Delivery, giveBack, placeOf, type Verdict } from '../outbox/delivery.ts'
import { handOut } from '../outbox/fanout.ts'
import { settle } from '../outbox/settling.ts'
import { sendToBrowser } from '../push/send.ts'
import { settlePush } from '../push/settle.ts'
import { sendToWebhook } from '../webhooks/send.ts'
import type { World } from '../world.ts'

const everyMs = 1000

/** What is under way at once on a node, in all and to one place. */
const [most, each] = [32, 4]

/** A node that stops waits so long for what is under way; then somebody else may try it again. */
const patienceMs = 5000

const senderOf = ({ webhook_id, channel_id }: Delivery) =>
  webhook_id !== null ? sendToWebhook : channel_id !== null ? sendToChannel : sendToBrowser

const kindOf = ({ webhook_id, channel_id }: Delivery) =>
  webhook_id !== null ? 'webhook' : channel_id !== null ? 'channel' : 'browser'

/** One try, whatever comes of it: a fault of ours counts as a try too, so that it does not come back at once for ever. */
async function tryOnce(world: World, delivery: Delivery): Promise<Verdict> {
  try {
    return await senderOf(delivery)(world, delivery)
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code }
    world.log.error({ job: 'deliver', err: error }, 'A delivery could not be tried')
    return { ok: false, code: 'INTERNAL' }
  }
}

/**
 * Hands events out and delivers them, on every node. Wakes when rows were sealed (twice a second while anything happens) and
 * each second: for what is due again, and for what a node left that died.
 */
export function startDelivering(world: World): { stop(): Promise<void> } {
  const { sql } = world.db
  const busy = new Map<string, number>()
  const running = new Set<Promise<void>>()
  const grace = new AbortController()
  let stopped = false
  let [looking, again] = [false, false]
  let looked = Promise.resolve()

  const count = (place: string, by: number) => {
    const next = (busy.get(place) ?? 0) + by
    if (next > 0) busy.set(place, next)
    else busy.delete(place)
  }
  async function deliver(delivery: Delivery): Promise<void> {
    const began = performance.now()
    try {
      const trying = spanned(world.traces, `delivery to ${kindOf(delivery)}`, 'consumer', () =>
        tryOnce(world, delivery),
      )
      const verdict = await Promise.race([trying, stopping])
      if (verdict) tally(world).deliveries.add(`${kindOf(delivery)} ${verdict.ok ? 'delivered' : 'failed'}`)
      if (verdict && delivery.subscription_id !== null) await settlePush(world, delivery, verdict)
      else if (verdict) await settle(world, delivery, verdict, performance.now() - began)
      else await giveBack(sql, delivery)
    } catch (error) {
      world.log.warn({ job: 'deliver', err: error }, 'What came of a delivery was not stored; it is tried again')
    }
  }
  function begin(delivery: Delivery): void {
    const place = placeOf(delivery)
    count(place, 1)
    const work = deliver(delivery).finally(() => {
      count(place, -1)
      running.delete(work)
      look()
    })
    running.add(work)
  }
  async function round(): Promise<void> {
    while (!stopped && (await handOut(world)).more);
    while (!stopped && running.size < most) {
      const mine = await claim(sql, most - running.size, { each, busy })
      for (const delivery of mine) begin(delivery)
      if (mine.length === 0) return
    }
  }
  async function lookNow(): Promise<void> {
    looking = true
    try {
      while (again && !stopped) {
        again = false
        await round()
      }
    } catch (error) {
      world.log.warn({ job: 'deliver', err: error }, 'A round of deliveries failed; the next one tries again')
    }
    looking = false
  }
  function look(): void {
    again = true
    if (!looking && !stopped) looked = lookNow()
  }
  const stopping = new Promise<undefined>((resolve) => {
    grace.signal.addEventListener('abort', () => resolve(undefined))
  })
  world.wake.onChange((topic) => {
    if (topic === undefined || topic.startsWith('events ')) look()
  })
  const timer = setInterval(look, everyMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await looked
      const ended = new AbortController()
      const late = sleep(patienceMs, undefined, { signal: ended.signal }).then(
        () => grace.abort(),
        () => undefined,
      )
      await Promise.all(running)
      ended.abort()
      await late
    },
  }
}
