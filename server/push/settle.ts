import { systemCtx } from '../context.ts'
import { atomically } from '../lib/transaction.ts'
import type { Delivery, Verdict } from '../outbox/delivery.ts'
import { waitSeconds } from '../outbox/schedule.ts'
import type { World } from '../world.ts'
import { forget } from './subscription.ts'

/** A message about a decision is of no use much later: after so many tries it is given up. */
const mostTries = 4

/** Writes down what came of a try to tell a browser. One that is gone is forgotten, and all that was on its way to it. */
export async function settlePush(world: World, delivery: Delivery, verdict: Verdict): Promise<void> {
  const { subscription_id: id } = delivery
  const failed = verdict.ok ? undefined : verdict
  const tries = delivery.attempts - delivery.earlier + 1
  const wait = failed && tries < mostTries ? waitSeconds(tries, failed) : undefined
  const status = verdict.ok ? 'delivered' : wait === undefined ? 'failed' : 'waiting'
  await atomically(world.db.sql, async (tx) => {
    if (failed?.gone) return forget(tx, systemCtx(world, 'deliverer'), tx`s.id = ${id}`, 'gone')
    await tx`
      with done as (
        update deliveries set attempts = attempts + 1, leased_until = null, status = ${status},
          next_at = case when ${status !== 'waiting'} then next_at
            else now() + make_interval(secs => ${wait ?? 0}::float8 * (0.8 + 0.4 * random())) end,
          ended_at = case when ${status !== 'waiting'} then now() end
        where id = ${delivery.id} and status = 'waiting' and attempts = ${delivery.attempts} returning 1
      )
      update push_subscriptions set failing = ${!verdict.ok}
      from done where id = ${id} and failing <> ${!verdict.ok}`
  })
}
