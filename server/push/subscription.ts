import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'

/** A browser's subscription as it is kept. */
export type SubscriptionRow = {
  id: string
  project_id: string
  person_id: string
  /** Sealed. */
  sealed: Uint8Array
  generation: number
  name: string
  created_at: Date
  failing: boolean
}

/** A person has at most so many browsers in a project. */
export const mostBrowsers = 10

/** What a browser is known again by. */
export const endpointDigest = (world: World, endpoint: string): Buffer =>
  hmac(world.keys.pepper, `push endpoint ${endpoint}`)

/** Subscriptions; `which` is a condition over `push_subscriptions s`, and may order and limit. */
export const selectSubscriptions = (sql: Sql, which: Fragment): Promise<SubscriptionRow[]> => sql<SubscriptionRow[]>`
  select s.id, s.project_id, s.person_id, s.sealed, s.generation, s.name, s.created_at, s.failing
  from push_subscriptions s where ${which}`

/** One of a person's own. Refuses NOT_FOUND, also for somebody else's. */
export async function findOwn(sql: Sql, projectId: string, personId: string, id: string): Promise<SubscriptionRow> {
  const which = sql`s.id = ${id} and s.project_id = ${projectId} and s.person_id = ${personId}`
  const [row] = await selectSubscriptions(sql, which)
  return row ?? refuse('NOT_FOUND', { sentence: 'There is no such browser among yours.' })
}

type Reason = 'by_hand' | 'gone' | 'left' | 'taken_over'

/** Forgets subscriptions, each told of in the same commit. Within a transaction. */
export async function forget(tx: Sql, ctx: Ctx, which: Fragment, reason: Reason): Promise<void> {
  const gone = await tx<{ id: string; project_id: string; name: string }[]>`
    delete from push_subscriptions s where ${which} returning s.id, s.project_id, s.name`
  for (const { id, project_id: projectId, name } of gone)
    await record(tx, ctx, {
      name: 'push.unsubscribed',
      projectId,
      target: `browser:${id}`,
      payload: { subscription_id: id, name, reason },
    })
}

/** Forgets what somebody who leaves a project subscribed to there. Within the transaction that shows them out. */
export const endPushOf = (tx: Sql, ctx: Ctx, projectId: string, personId: string): Promise<void> =>
  forget(tx, ctx, tx`s.project_id = ${projectId} and s.person_id = ${personId}`, 'left')

/** A browser as its person sees it: never where it is. */
export const present = (row: SubscriptionRow): z.input<typeof contract.push.subscribe.output> => ({
  id: row.id,
  name: row.name,
  created_at: row.created_at.toISOString(),
  failing: row.failing,
})
