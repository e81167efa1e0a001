import { systemCtx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { type Delivery, placeOf, type Verdict } from './delivery.ts'
import { waitSeconds } from './schedule.ts'

/** A webhook or channel that has failed for this long gets nothing any more. */
const patienceDays = 5

/** Bytes of a reply that are kept. */
const mostResponse = 2048

/** The beginning of a reply as text that can be stored. */
const kept = (response: string | undefined): string | null =>
  response === undefined ? null : Buffer.from(response.replaceAll('\0', '')).subarray(0, mostResponse).toString()

/** What differs between the two kinds of places. */
const kinds = {
  webhook: {
    table: (sql: Sql) => sql`webhooks`,
    id: (sql: Sql) => sql`webhook_id`,
    facts: (sql: Sql) => sql`'webhook_id', id, 'description', description`,
    label: (sql: Sql) => sql`description`,
    disabled: 'webhook.disabled',
  },
  channel: {
    table: (sql: Sql) => sql`channels`,
    id: (sql: Sql) => sql`channel_id`,
    facts: (sql: Sql) => sql`'channel_id', id, 'name', name`,
    label: (sql: Sql) => sql`name`,
    disabled: 'channel.disabled',
  },
} as const

/**
 * Writes down what came of a try, in one statement: the attempt, whether it was delivered, is tried again, or has failed;
 * whether its place fails, and since when. A place that says it is gone, or failed for days, is switched off and its waiting
 * deliveries end; that is told in the same commit. Whoever lost its lease and was overtaken changes nothing.
 * @param ms how long the try took
 */
export async function settle(world: World, delivery: Delivery, verdict: Verdict, ms: number): Promise<void> {
  const { sql } = world.db
  const kind = delivery.webhook_id === null ? 'channel' : 'webhook'
  const { table, id, facts, label, disabled } = kinds[kind]
  const failed = verdict.ok ? undefined : verdict
  const wait = failed && waitSeconds(delivery.attempts - delivery.earlier + 1, failed)
  const status = verdict.ok ? 'delivered' : wait === undefined ? 'failed' : 'waiting'
  const tooLong = sql`p.failing_since <= now() - make_interval(days => ${patienceDays})`
  const ends = failed?.gone ? sql`true` : sql`coalesce(${tooLong}, false)`
  const differs = verdict.ok ? sql`p.failing_since is not null` : sql`(p.failing_since is null or ${ends})`
  await sql`
    with place as materialized (
      select id from ${table(sql)} where id = ${placeOf(delivery)} for key share
    ), done as (
      update deliveries d set attempts = d.attempts + 1, leased_until = null, status = ${status},
        next_at = case when ${wait === undefined} then next_at
          else now() + make_interval(secs => ${wait ?? 0}::float8 * (0.8 + 0.4 * random())) end,
        ended_at = case when ${status !== 'waiting'} then now() end
      from place
      where d.id = ${delivery.id} and d.status = 'waiting' and d.attempts = ${delivery.attempts}
      returning d.id, d.attempts
    ), tried as (
      insert into attempts (delivery_id, number, ms, status, code, response)
      select id, attempts, ${Math.round(ms)}, ${verdict.status ?? null}, ${failed?.code ?? null}, ${kept(verdict.response)}
      from done
    ), changed as (
      update ${table(sql)} p set failing_since = case when ${!verdict.ok} then coalesce(p.failing_since, now()) end,
        disabled_at = case when ${!verdict.ok} and ${ends} then now() end,
        disabled_for = case when ${!verdict.ok} and ${ends} then ${failed?.gone ? 'gone' : 'failing'} end
      from done where p.id = ${placeOf(delivery)} and p.disabled_at is null and ${differs}
      returning p.id, p.project_id, p.disabled_for, p.${label(sql)}
    ), off as (
      select * from changed where disabled_for is not null
    ), idle as materialized (
      select d.id from off join deliveries d on d.${id(sql)} = off.id
      where d.status = 'waiting' and d.id <> ${delivery.id} and (d.leased_until is null or d.leased_until <= now())
      for update of d skip locked
    ), given_up as (
      update deliveries set status = 'failed', ended_at = now() where id in (select id from idle)
    )
    ${telling(sql, systemCtx(world, 'deliverer'), {
      name: disabled,
      target: sql`${`${kind}:`} || id`,
      payload: sql`jsonb_build_object(${facts(sql)}, 'reason', disabled_for)`,
      from: sql`off`,
    })}`
}
