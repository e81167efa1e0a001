import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Address } from '../../server/lib/driver/connect.ts'
import { testDb } from '../db.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { proxy } from './proxy.ts'

const cuts = 30
const { address, db } = await testDb({ max: 2 })
const between = await proxy(serverOf(address))
const { url, world } = await serve({}, { address: through(between.port) })
const { key } = await makeAsker(world)
const ask = asker(url)

/** Where the database's socket is. */
function serverOf(at: Address) {
  if (typeof at !== 'string') return `${at.host}/.s.PGSQL.${at.port}`
  const { hostname, port } = new URL(at)
  return { host: hostname, port: Number(port || 5432) }
}

/** The same database through the proxy. */
function through(port: number): Address {
  if (typeof address !== 'string') return { ...address, host: '127.0.0.1', port }
  const proxied = new URL(address)
  proxied.host = `127.0.0.1:${port}`
  return proxied.href
}

const cut = {
  FIN: async () => between.cut('FIN'),
  RST: async () => between.cut('RST'),
  pg_terminate_backend: async () => {
    await db.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('countersign', 'countersign listen')`
  },
}

test.each(Object.entries(cut))(
  `while its connections are cut by %s ${cuts} times, every request ends in time, in what it asked for or in 503, and service is back`,
  async (_, how) => {
    const ends: { status: number; ms: number }[] = []
    let cutting = true
    const worker = async (name: string) => {
      for (let i = 0; cutting; i++) {
        const began = performance.now()
        const { status } =
          i % 2 === 0
            ? await ask('PUT', `/v1/key/${name}`, { key, body: String(i) })
            : await ask('GET', `/v1/key/${name}`, { key })
        ends.push({ status, ms: performance.now() - began })
      }
    }
    const workers = Array.from({ length: 10 }, (_, i) => worker(`cut/${i}`))
    for (let i = 0; i < cuts; i++) {
      await how()
      await sleep(20 + (i % 5) * 10)
    }
    const last = performance.now()
    while ((await ask('PUT', '/v1/key/cut/last', { key, body: 'back' })).status >= 500) await sleep(20)
    expect(performance.now() - last).toBeLessThan(5000)
    cutting = false
    await Promise.all(workers)
    // The first GET of a name whose PUT was cut finds nothing.
    expect([200, 201, 404, 503]).toEqual(expect.arrayContaining([...new Set(ends.map(({ status }) => status))]))
    expect(ends.filter(({ status }) => status === 503).length).toBeGreaterThan(0)
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(10_500)
    expect((await ask('GET', '/v1/key/cut/last', { key })).text).toBe('"back"')
  },
)
