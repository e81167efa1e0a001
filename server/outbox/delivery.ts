import type { Fragment } from 'postgres'
import type { Sql } from '../lib/driver/connect.ts'

/** One event on its way to one webhook or channel, as whoever sends it holds it. */
export type Delivery = {
  id: number
  project_id: string
  /** One of the three is given. */
  webhook_id: string | null
  channel_id: string | null
  subscription_id: string | null
  /** The event's id; its row may be gone already. */
  event_id: string
  event: string
  /** What is sent; null until the first try made it. */
  body: string | null
  /** Tries so far, and how many of them were before it was last replayed. */
  attempts: number
  earlier: number
}

/** What came of a try. */
export type Verdict =
  | { ok: true; status?: number; response?: string }
  | {
      ok: false
      /** Why, as a code: `TIMEOUT`, `STATUS`, `ADDRESS_NOT_ALLOWED` … Never a text from elsewhere. */
      code: string
      status?: number
      response?: string
      /** No later try can do better. */
      forGood?: boolean
      /** The receiver asks for this much patience. */
      retryAfterSeconds?: number
      /** It says that it wants nothing any more: nothing is sent to it from now on. */
      gone?: boolean
    }

/** How long a node that took a delivery has it for itself: several times what a try may take. */
const leaseSeconds = 60

/** Where a delivery goes to. */
export const placeOf = (delivery: Partial<Pick<Delivery, 'webhook_id' | 'channel_id' | 'subscription_id'>>): string =>
  delivery.webhook_id ?? delivery.channel_id ?? delivery.subscription_id ?? ''

const columns = (sql: Sql): Fragment => sql`
  d.id::float8 as id, d.project_id, d.webhook_id, d.channel_id, d.subscription_id, d.event_id, d.event, d.body, d.attempts, d.earlier`

/**
 * Takes deliveries that are due, at most `most`, for a minute. A place that has `each` under way already (`busy`: place →
 * how many) gives none, and one with fewer gives as many as it has left, so that a receiver that hangs holds up nobody else.
 */
export async function claim(
  sql: Sql,
  most: number,
  { each, busy }: { each: number; busy: ReadonlyMap<string, number> },
): Promise<Delivery[]> {
  const full = [...busy].flatMap(([place, count]) => (count >= each ? [place] : []))
  return sql<Delivery[]>`
    with due as materialized (
      select id, coalesce(webhook_id, channel_id, subscription_id) as place, next_at from deliveries
      where status = 'waiting' and next_at <= now() and (leased_until is null or leased_until <= now())
        and coalesce(webhook_id, channel_id, subscription_id) <> all (${full}::text[])
      order by next_at, id limit 500
    ), busy as (
      select * from unnest(${[...busy.keys()]}::text[], ${[...busy.values()]}::int[]) as busy (place, count)
    ), chosen as (
      select id from (
        select due.*, row_number() over (partition by place order by next_at, id) as nth from due
      ) as due left join busy using (place)
      where nth <= ${each} - coalesce(busy.count, 0) order by next_at, id limit ${most}
    ), mine as materialized (
      select id from deliveries
      where id in (select id from chosen) and status = 'waiting' and (leased_until is null or leased_until <= now())
      for update skip locked
    )
    update deliveries d set leased_until = now() + make_interval(secs => ${leaseSeconds})
    from mine where d.id = mine.id
    returning ${columns(sql)}`
}

/** Keeps what is sent, unless somebody else was first; answers what is kept. */
export async function keepBody(sql: Sql, delivery: Pick<Delivery, 'id'>, body: string): Promise<string> {
  const [row] = await sql<{ body: string }[]>`
    update deliveries set body = coalesce(body, ${body}) where id = ${delivery.id} returning body`
  return row?.body ?? body
}

/** Gives a delivery back that was not tried after all: somebody else may take it at once. */
export async function giveBack(sql: Sql, { id, attempts }: Pick<Delivery, 'id' | 'attempts'>): Promise<void> {
  await sql`
    update deliveries set leased_until = null where id = ${id} and attempts = ${attempts} and status = 'waiting'`
}

/** Ends what waits for a place that was switched off, but for what is being sent at this moment. */
export async function endWaiting(sql: Sql, place: Pick<Delivery, 'webhook_id' | 'channel_id'>): Promise<void> {
  await sql`
    update deliveries set status = 'failed', ended_at = now() where id in (
      select id from deliveries
      where ${place.webhook_id === null ? sql`channel_id` : sql`webhook_id`} = ${place.webhook_id ?? place.channel_id} and status = 'waiting'
        and (leased_until is null or leased_until <= now())
      for update skip locked)`
}

/** Deletes deliveries that ended 30 days ago, with their attempts; in bits, so that nothing is held up. */
export async function purgeDeliveries(sql: Sql): Promise<void> {
  await sql`
    delete from deliveries where id in (
      select id from deliveries where ended_at <= now() - interval '30 days' limit 5000 for update skip locked)`
}
