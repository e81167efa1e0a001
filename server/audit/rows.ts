import type { Fragment } from 'postgres'
import type { Sql } from '../lib/driver/connect.ts'
import type { Head, Link, RowTexts, Signer } from './chain.ts'

/** The columns of `events` as texts, as hashes are made of them. */
export const asTexts = (sql: Sql): Fragment => sql`
  seq::text, id, project_id, name, actor::text, target, payload::text, request_id, ip, user_agent,
  (extract(epoch from at) * 1000)::bigint::text as at, tick::text, mac`

/** A stored seal. */
export type SealRow = Link & { head: Uint8Array; signature: Uint8Array }

/** The columns of `seals` as numbers and bytes. Ticks stay below 2^53 for 10^15 transactions. */
export const asSeal = (sql: Sql): Fragment => sql`
  project_id, number, from_tick::float8, to_tick::float8, rows, total::float8, digest, head, at, signature`

/** A seal as its signed head. */
export const headOf = (seal: SealRow, signer: Signer): Head => ({
  project_id: seal.project_id,
  number: seal.number,
  total: seal.total,
  head: Buffer.from(seal.head).toString('hex'),
  at: seal.at.toISOString(),
  public_key: signer.publicKey,
  signature: Buffer.from(seal.signature).toString('base64url'),
})

/** The newest seal of a project; undefined while there is none. */
export async function newestSeal(sql: Sql, projectId: string): Promise<SealRow | undefined> {
  const [seal] = await sql<SealRow[]>`
    select ${asSeal(sql)} from seals where project_id = ${projectId} order by number desc limit 1`
  return seal
}

/**
 * Below this tick every row is there that ever will be: no transaction with a lower one is still running. A transaction
 * that writes for long anywhere in the database's cluster holds it back.
 */
export const horizon = (sql: Sql): Fragment => sql`
  (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (select tick_offset from instance))`

const pageSize = 2000

/**
 * Rows of a project as hashes want them, in the chain's order, in pages so that memory stays flat. `sql` is a
 * transaction's that keeps one snapshot.
 */
export async function* rowsOf(sql: Sql, projectId: string): AsyncGenerator<RowTexts> {
  let last = { tick: '-1', seq: '-1' }
  for (;;) {
    const page = await sql<RowTexts[]>`
      select ${asTexts(sql)} from events
      where project_id = ${projectId} and (events.tick, events.seq) > (${last.tick}::bigint, ${last.seq}::bigint)
      order by events.tick, events.seq limit ${pageSize}`
    yield* page
    if (page.length < pageSize) return
    last = page.at(-1) ?? last
  }
}

/** The seals of a project by number, in pages as above. */
export async function* sealsOf(sql: Sql, projectId: string): AsyncGenerator<SealRow> {
  let last = -1
  for (;;) {
    const page = await sql<SealRow[]>`
      select ${asSeal(sql)} from seals where project_id = ${projectId} and number > ${last}
      order by number limit ${pageSize}`
    yield* page
    if (page.length < pageSize) return
    last = page.at(-1)?.number ?? last
  }
}
