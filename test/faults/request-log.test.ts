import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { gather } from '../../server/lib/batches.ts'
import { DatabaseAway } from '../../server/lib/deadline.ts'
import { requestLog } from '../../server/requests/log.ts'
import { testDb } from '../db.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

/** A buffer over a store that can be away, or refuse. */
function buffer(options: { kept?: number; everyMs?: number; most?: number } = {}) {
  const state = { fault: undefined as Error | undefined, stored: [] as number[], batches: [] as number[], again: 0 }
  const rows = gather<number>(
    async (batch, again) => {
      await sleep(1)
      if (state.fault) throw state.fault
      state.stored.push(...batch)
      state.batches.push(batch.length)
      if (again) state.again++
    },
    () => undefined,
    { everyMs: 20, ...options },
  )
  return { state, rows }
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('rows that are gathered', () => {
  test('are written in their order, by time or by number, each once', async () => {
    const { state, rows } = buffer({ most: 100 })
    for (const n of numbers(1050)) rows.add(n)
    await expect.poll(() => state.stored.length).toBe(1050)
    expect(state.stored).toEqual(numbers(1050))
    expect(Math.max(...state.batches)).toBe(100)
    rows.add(7)
    await expect.poll(() => state.stored.length).toBe(1051)
    expect(await rows.close(100)).toBe(0)
  })
  test('wait while the store is away, up to so many; those beyond are counted and not kept', async () => {
    const { state, rows } = buffer()
    state.fault = new DatabaseAway('away')
    for (const n of numbers(10_005)) rows.add(n)
    await sleep(100)
    expect([state.stored.length, rows.dropped()]).toEqual([0, 5])
    state.fault = undefined
    await expect.poll(() => state.stored.length, { timeout: 5000 }).toBe(10_000)
    expect(state.stored).toEqual(numbers(10_000))
    expect(state.again).toBe(1)
    expect(rows.dropped()).toBe(5)
  })
  test('that the store itself refuses are given up after three times and counted, and those after them are written', async () => {
    const { state, rows } = buffer({ most: 3 })
    state.fault = new Error('no such column')
    for (const n of numbers(3)) rows.add(n)
    for (let n = 0; n < 3; n++) await rows.flush()
    expect(rows.dropped()).toBe(3)
    state.fault = undefined
    rows.add(9)
    await rows.flush()
    expect(state.stored).toEqual([9])
  })
  test('are written at the end, or their number is told', async () => {
    const good = buffer()
    for (const n of numbers(2000)) good.rows.add(n)
    expect(await good.rows.close(1000)).toBe(0)
    expect(good.state.stored).toHaveLength(2000)
    const bad = buffer()
    bad.state.fault = new DatabaseAway('away')
    for (const n of numbers(20)) bad.rows.add(n)
    const from = performance.now()
    expect(await bad.rows.close(300)).toBe(20)
    expect(performance.now() - from).toBeLessThan(2000)
  })
})

describe('the access log of a service', () => {
  test('loses no row at a shutdown under load; a control that does not wait for it loses some', async () => {
    const lostBy = async (beforeClose: boolean) => {
      const { address, db } = await testDb()
      const service = await serve({}, { address })
      const { key, id } = await makeAsker(service.world)
      const ask = asker(service.url)
      const statuses = await Promise.all(numbers(300).map(async () => (await ask('GET', '/v1/keys', { key })).status))
      expect(new Set(statuses)).toEqual(new Set([200]))
      if (!beforeClose) await service.world.db.close()
      await service.close()
      const [row] = await db.sql`select count(*)::int as rows from requests where key_id = ${id}`
      return 300 - row?.rows
    }
    expect(await lostBy(true)).toBe(0)
    expect(await lostBy(false)).toBeGreaterThan(0)
  })
  test('keeps its rows while the database is away, and requests are answered meanwhile', async () => {
    const { address, db } = await testDb()
    const service = await serve({}, { address })
    const { key, id } = await makeAsker(service.world)
    const ask = asker(service.url)
    await db.sql`alter table requests rename to away`
    for (let n = 0; n < 20; n++) expect((await ask('GET', '/v1/keys', { key })).status).toBe(200)
    await requestLog(service.world).flush()
    await db.sql`alter table away rename to requests`
    await expect
      .poll(async () => (await db.sql`select 1 from requests where key_id = ${id}`).length, { timeout: 5000 })
      .toBe(20)
  })
  test('says in /metrics what it dropped', async () => {
    const { url } = await serve()
    expect((await asker(url)('GET', '/metrics')).text).toMatch(/^countersign_request_log_dropped_total 0$/m)
  })
})
