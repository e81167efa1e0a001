import { sha256 } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import type { World } from '../world.ts'
import { type Head, headAfter, leafOf, type RowTexts, signerOf } from './chain.ts'
import { asSeal, asTexts, headOf, horizon, type SealRow } from './rows.ts'

/** Any number: who seals holds it until the commit. */
const lock = 7220190212

/** Rows that one round seals at most, but for a single transaction that wrote more. */
const most = 10_000

/** What a round did: new heads of projects that are kept, seals made, names of the rows they cover, and whether more are waiting. */
export type Round = { heads: Head[]; seals: number; names: string[]; more: boolean }

const nothing: Round = { heads: [], seals: 0, names: [], more: false }

/** Whether any row stands behind the newest seal. One look at two indexes, so that an idle node costs next to nothing. */
async function isBehind(sql: Sql): Promise<boolean> {
  const [row] = await sql`
    select (select max(tick) from events) >= coalesce((select max(to_tick) from seals), 0) as behind`
  return row?.behind === true
}

/** The rows of one batch in the chain's order, and the tick before which it ends. */
async function batch(tx: Sql): Promise<{ rows: RowTexts[]; to: number; more: boolean }> {
  const [bounds] = await tx<{ from: number; to: number }[]>`
    select coalesce((select max(to_tick) from seals), 0)::float8 as from, ${horizon(tx)}::float8 as to`
  if (!bounds) throw new Error('There is no instance.')
  const { from, to } = bounds
  const read = (end: number, count: number) => tx<RowTexts[]>`
    select ${asTexts(tx)} from events where tick >= ${from} and tick < ${end}
    order by events.tick, events.seq limit ${count}`
  const rows = await read(to, most + 1)
  if (rows.length <= most) return { rows, to, more: false }
  // The last transaction may go on behind the limit: it waits for the next round, unless it is all there is.
  const last = Number(rows.at(-1)?.tick)
  const whole = rows.filter((row) => Number(row.tick) < last)
  if (whole.length > 0) return { rows: whole, to: last, more: true }
  return { rows: await read(last + 1, Number.MAX_SAFE_INTEGER), to: last + 1, more: true }
}

function grouped(rows: readonly RowTexts[]): Map<string, RowTexts[]> {
  const groups = new Map<string, RowTexts[]>()
  for (const row of rows) {
    const group = groups.get(row.project_id)
    if (group) group.push(row)
    else groups.set(row.project_id, [row])
  }
  return groups
}

/** Where the chains stand that get a seal: those with rows, and those that had none for so long that a checkpoint is due. */
async function chainsOf(tx: Sql, ids: readonly string[], quietSince: Date | undefined) {
  // Held, so that no project is purged while it gets a seal; of one that is gone nothing is sealed.
  const projects = await tx<{ id: string; kept: boolean }[]>`
    select id, purge_at is null as kept from projects
    where id = any (${ids}) or ${quietSince !== undefined} and purge_at is null and (
      select at from seals where project_id = id order by number desc limit 1) <= ${quietSince ?? null}
    for key share`
  const seals = await tx<SealRow[]>`
    select ${asSeal(tx)} from unnest(${projects.map(({ id }) => id)}::text[]) as one (id), lateral (
      select * from seals where project_id = one.id order by number desc limit 1) as newest`
  const newest = new Map(seals.map((seal) => [seal.project_id, seal]))
  return projects.map(({ id, kept }) => ({ id, kept, last: newest.get(id) }))
}

/** The seal of a project's rows after its last one. */
function sealOf(
  world: World,
  projectId: string,
  last: SealRow | undefined,
  rows: readonly RowTexts[],
  to: number,
): SealRow {
  const link = {
    project_id: projectId,
    number: (last?.number ?? 0) + 1,
    from_tick: last?.to_tick ?? 0,
    to_tick: to,
    rows: rows.length,
    total: (last?.total ?? 0) + rows.length,
    digest: sha256(Buffer.concat(rows.map(leafOf))),
    at: world.clock.now(),
  }
  const head = headAfter(last?.head, link)
  const place = { project_id: projectId, number: link.number, total: link.total, head: head.toString('hex') }
  const { signature } = signerOf(world.keys.signing).sign({ ...place, at: link.at.toISOString() })
  return { ...link, head, signature: Buffer.from(signature, 'base64url') }
}

/**
 * Seals every row below the horizon: one seal for each project that has any. Whichever node holds the lock does it; the
 * others go on. Writers are never waited for and never held up.
 * @param quietSince projects without a seal since then get one without rows, as a checkpoint
 */
export async function sealRound(world: World, quietSince?: Date): Promise<Round> {
  const { sql } = world.db
  if (quietSince === undefined && !(await isBehind(sql))) return nothing
  return atomically(sql, async (tx) => {
    const [turn] = await tx`select pg_try_advisory_xact_lock(${lock}) as mine`
    if (!turn?.mine) return nothing
    const { rows, to, more } = await batch(tx)
    const byProject = grouped(rows)
    const chains = await chainsOf(tx, [...byProject.keys()], quietSince)
    const seals = chains.map(({ id, last }) => sealOf(world, id, last, byProject.get(id) ?? [], to))
    if (seals.length > 0) await tx`insert into seals ${tx(seals)}`
    // Live feeds hear of new rows once for each batch: a NOTIFY in each commit would put all commits in one line.
    await tx`select pg_notify('changes', 'events ' || id) from unnest(${[...byProject.keys()]}::text[]) as one (id)`
    const kept = new Set(chains.flatMap((chain) => (chain.kept ? [chain.id] : [])))
    const signer = signerOf(world.keys.signing)
    const heads = seals.filter((seal) => kept.has(seal.project_id)).map((seal) => headOf(seal, signer))
    const names = seals.flatMap((seal) => (byProject.get(seal.project_id) ?? []).map(({ name }) => name))
    return { heads, seals: seals.length, names, more }
  })
}
