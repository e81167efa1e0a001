import { isOver } from '../channels/message.ts'
import { patienceOf } from '../channels/post.ts'
import { type Notice, noticeOf } from '../channels/words.ts'
import { OutboundFault } from '../lib/outbound-fault.ts'
import type { Delivery, Verdict } from '../outbox/delivery.ts'
import { outboundOf } from '../outbox/outbound.ts'
import { eventOf } from '../outbox/told.ts'
import type { World } from '../world.ts'
import { openBrowser } from './sealing.ts'
import { type SubscriptionRow, selectSubscriptions } from './subscription.ts'
import { vapidOf } from './vapid.ts'

/** How long (s) a push service keeps a message for a browser that is off: a day, or until there is nothing to decide. */
const keptSeconds = 86_400

/** What the service worker shows. Its service sees none of it (RFC 8291). */
export type Shown = {
  title: string
  body: string
  /** Of this instance. */
  path: string
  /** Notifications of one approval take each other's place. */
  tag: string
  /** There is nothing to decide any more. */
  over: boolean
}

const shownOf = (notice: Notice, publicUrl: string): Shown => ({
  title: notice.title,
  body: [notice.sentence, ...notice.facts.map(([name, value]) => `${name}: ${value}`)].join('\n'),
  path: notice.link.url.slice(publicUrl.length),
  tag: notice.approvalId ?? 'test',
  over: notice.place === 'last',
})

/** Sends one message to a browser. A service that answers 404 or 410 says that the browser does not want it any more. */
export async function push(
  world: World,
  row: SubscriptionRow,
  notice: Notice,
  seconds = keptSeconds,
): Promise<Verdict> {
  const browser = await openBrowser(world, row)
  const { default: webPush } = await import('web-push')
  const request = webPush.generateRequestDetails(browser, JSON.stringify(shownOf(notice, world.config.publicUrl)), {
    vapidDetails: vapidOf(world),
    TTL: seconds,
    urgency: notice.place === 'first' ? 'high' : 'low',
    // The service keeps the newest of a topic only: whoever was away is not asked for what is over (RFC 8030 5.4).
    topic: notice.approvalId ?? 'test',
  })
  try {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const reply = await outboundOf(world).send({ url: browser.endpoint, headers, body: request.body ?? '' })
    const { status } = reply
    if (status >= 200 && status < 300) return { ok: true, status }
    if (status === 404 || status === 410) return { ok: false, code: 'STATUS', status, gone: true }
    const retryAfterSeconds = patienceOf(reply, world.clock.now())
    return { ok: false, code: 'STATUS', status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
  } catch (error) {
    if (error instanceof OutboundFault) return { ok: false, code: error.code }
    throw error
  }
}

/** Tells a browser of an event: one try. Whoever left the project meanwhile is told nothing any more. */
export async function sendToBrowser(world: World, delivery: Delivery): Promise<Verdict> {
  const { sql } = world.db
  const [row] = await selectSubscriptions(
    sql,
    sql`s.id = ${delivery.subscription_id} and exists (select 1 from memberships m
      where m.project_id = s.project_id and m.person_id = s.person_id and m.disabled_at is null)`,
  )
  const event = row && (await eventOf(sql, delivery))
  const notice = event && (await noticeOf(sql, world.config.publicUrl, event))
  if (!row || !notice) return { ok: true }
  if (notice.approvalId !== null && notice.place === 'first' && (await isOver(world, delivery, notice.approvalId)))
    return { ok: true }
  const left =
    notice.expiresAt === null ? keptSeconds : (Date.parse(notice.expiresAt) - world.clock.now().getTime()) / 1000
  const seconds = notice.place === 'first' ? Math.max(1, Math.min(keptSeconds, Math.ceil(left))) : keptSeconds
  return push(world, row, notice, seconds)
}
