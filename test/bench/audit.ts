import { setTimeout as sleep } from 'node:timers/promises'
import { systemCtx } from '../../server/context.ts'
import { record } from '../../server/events/event.ts'
import { openDb } from '../../server/lib/db.ts'
import { connect, type Sql } from '../../server/lib/driver/connect.ts'
import { cost, median, type Row } from './rows.ts'
import { type Length, rateOf, takeSlice } from './slices.ts'
import type { Stage } from './stage.ts'

const writers = 16

/** Turns the audit log off as far as the database can: rows are let go before they are hashed, stored or sealed. */
const swallow = `
  create or replace function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
  create or replace trigger a_swallow before insert on events for each row execute function swallow();
  alter table events disable trigger a_swallow`

/** How many rows no seal covers yet. */
async function unsealedIn(sql: Sql): Promise<number> {
  const [row] = await sql`
    select count(*)::int as n from events where tick >= (select coalesce(max(to_tick), 0) from seals)`
  return row?.n
}

/** `create` with the audit log (row, hash, sealing) beside the same without, on one server in turn. */
async function created(stage: Stage, owner: Sql, { pairs, seconds, warm }: Length): Promise<Row> {
  await owner.unsafe(swallow)
  const rates = { on: [] as number[], off: [] as number[] }
  const turn = async (which: 'on' | 'off', time: number) => {
    await owner.unsafe(`alter table events ${which === 'on' ? 'disable' : 'enable'} trigger a_swallow`)
    const rate = rateOf(await takeSlice(stage, 'create', stage.player('ours'), { seconds: time }))
    // What one slice left to seal is not the next one's.
    while ((await unsealedIn(owner)) > 0) await sleep(50)
    return rate
  }
  await turn('off', warm)
  await turn('on', warm)
  for (let pair = 0; pair < pairs; pair++)
    for (const which of pair % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const))
      rates[which].push(await turn(which, seconds))
  await owner`drop trigger a_swallow on events`
  return {
    ...{ case: 'audit, create with and without', ours: median(rates.on), limit: median(rates.off) },
    ratio: median(rates.on.map((rate, i) => rate / (rates.off[i] ?? rate))),
    ...{ p50_ms: null, p99_ms: null, cpu_us: null, rss_mib: null },
  }
}

/** Audited commits per second of 16 writers while the server seals, and the most rows that were not sealed at a time. */
async function written({ world, projectId }: Stage, owner: Sql, seconds: number): Promise<Row[]> {
  const session: Record<string, string> = world.role === undefined ? {} : { role: world.role }
  const db = openDb({ address: world.address, max: 2 * writers, session })
  const ctx = systemCtx(world, 'bench')
  const payload = { key_path: 'a', version: 1 }
  const until = performance.now() + seconds * 1000
  let [commits, most] = [0, 0]
  const write = async () => {
    for (; performance.now() < until; commits++)
      await record(db.sql, ctx, { name: 'value.set', projectId, target: 'value:a', payload })
  }
  const watch = async () => {
    for (; performance.now() < until; await sleep(250)) most = Math.max(most, await unsealedIn(owner))
  }
  await Promise.all([watch(), ...Array.from({ length: writers }, write)])
  await db.close()
  const rate = commits / seconds
  return [
    { ...cost('16 writers: audited commits/s', rate, 2000), ratio: rate / 2000 },
    cost('16 writers: most unsealed', most, 5000),
  ]
}

/** What the audit log costs. */
export async function audit(stage: Stage, length: Length, seconds: number): Promise<Row[]> {
  const owner = connect(stage.world.address, { max: 1, name: 'countersign bench' })
  try {
    return [await created(stage, owner, length), ...(await written(stage, owner, seconds))]
  } finally {
    await owner.end({ timeout: 5 })
  }
}
