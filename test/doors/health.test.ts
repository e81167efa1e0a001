import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { buildServer } from '../../server/http/listen.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world, close } = await serve()
const get = (path: string, headers: Record<string, string> = {}, base = url) => fetch(base + path, { headers })

/** The samples of a metric, as lines. */
async function samples(name: string): Promise<string[]> {
  const text = await (await get('/metrics')).text()
  return text.split('\n').filter((line) => line.startsWith(name))
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 600; i++) {
    if (await holds()) return true
    await sleep(10)
  }
  return false
}

describe('/healthz and /readyz', () => {
  test('say alive and ready, with the headers that every reply has', async () => {
    for (const [path, status] of [['/healthz', 'alive'] as const, ['/readyz', 'ready'] as const]) {
      const reply = await get(path)
      expect([path, reply.status, await reply.json()]).toEqual([path, 200, { status }])
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect((await fetch(url + path, { method: 'HEAD' })).status).toBe(200)
    }
  })

  test('not ready while changes cannot be heard, and ready again once they can', async () => {
    const sql = connect(world.address, { max: 1, name: 'test' })
    // The lost connection is made anew after 200 ms: long enough to look.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'countersign listen' and datname = current_database()`
    await sql.end()
    const seen = await until(async () => {
      const reply = await get('/readyz')
      return reply.status === 503 && (await reply.json()).lacks === 'listen'
    })
    expect(seen).toBe(true)
    expect((await get('/healthz')).status).toBe(200)
    expect(await until(async () => (await get('/readyz')).status === 200)).toBe(true)
  })

  test('not ready while migrations are pending', async () => {
    const sql = connect(world.address, { max: 1, name: 'test' })
    const [newest] = await sql`delete from drizzle.__drizzle_migrations
      where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning *`
    const reply = await get('/readyz')
    expect([reply.status, await reply.json()]).toEqual([503, { status: 'unready', lacks: 'migrations' }])
    expect(reply.headers.get('retry-after')).toBe('1')
    await sql`insert into drizzle.__drizzle_migrations ${sql({ hash: newest?.hash, created_at: newest?.created_at })}`
    await sql.end()
    expect((await get('/readyz')).status).toBe(200)
  })

  test('not ready within seconds while the database does not answer; alive all the same', async () => {
    const sql = connect(world.address, { max: 1, name: 'test' })
    const owner = connect(world.address, { max: 1, name: 'test' })
    let held: Promise<unknown> = Promise.resolve()
    let free = () => {}
    await new Promise<void>((locked) => {
      held = sql.begin(async (tx) => {
        await tx`lock table drizzle.__drizzle_migrations in access exclusive mode`
        locked()
        await new Promise<void>((resolve) => {
          free = resolve
        })
      })
    })
    for (let round = 0; round < 2; round++) {
      const replies = await Promise.all(Array.from({ length: 50 }, () => get('/readyz')))
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]))
      expect(await replies[0]?.json()).toEqual({ status: 'unready', lacks: 'database' })
    }
    // A hundred probes are one look, however long it takes.
    const [waiting] = await owner`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    expect(waiting?.n).toBe(1)
    expect((await get('/healthz')).status).toBe(200)
    free()
    await held
    await Promise.all([sql.end(), owner.end()])
    expect(await until(async () => (await get('/readyz')).status === 200)).toBe(true)
  })
})

describe('/metrics', () => {
  test('counts requests by route template and status, and never by path', async () => {
    const { key } = await makeAsker(world)
    for (const path of ['/v1/key/canary/one', '/v1/key/canary/two']) await get(path, { authorization: `Bearer ${key}` })
    await get('/nowhere/canary')
    const counts = await samples('http_request_duration_seconds_count')
    expect(counts.find((line) => line.includes('status="404"') && line.includes('/v1/key/'))).toMatch(/ 2$/)
    expect(counts.find((line) => line.includes('route="none"'))).toMatch(/ 1$/)
    expect(await (await get('/metrics')).text()).not.toContain('canary')
    expect(counts.filter((line) => /healthz|readyz|metrics/.test(line))).toEqual([])
  })

  test('tells waiters, refusals by class, connections, and the process', async () => {
    const { key } = await makeAsker(world)
    const left = new AbortController()
    const wait = fetch(`${url}/v1/key/never/set?wait=30`, {
      headers: { authorization: `Bearer ${key}` },
      signal: left.signal,
    })
    expect(await until(async () => (await samples('countersign_waiters ')).includes('countersign_waiters 1'))).toBe(
      true,
    )
    left.abort()
    await wait.catch(() => undefined)
    expect(await until(async () => (await samples('countersign_waiters ')).includes('countersign_waiters 0'))).toBe(
      true,
    )
    expect(await samples('countersign_rate_limited_total{class="key read"}')).toEqual([
      'countersign_rate_limited_total{class="key read"} 0',
    ])
    expect((await samples('countersign_database_connections')).length).toBeGreaterThan(0)
    expect(await samples('countersign_listening ')).toEqual(['countersign_listening 1'])
    expect(await samples('process_resident_memory_bytes ')).toHaveLength(1)
  })

  test('counts what a rate limit refused', async () => {
    const limited = await serve({ RATE_LIMITS: 'everything else=1/60,key read=2/60' })
    const { key } = await makeAsker(limited.world)
    const statuses = []
    for (let i = 0; i < 5; i++)
      statuses.push((await get('/v1/key/a', { authorization: `Bearer ${key}` }, limited.url)).status)
    expect(statuses).toEqual([404, 404, 429, 429, 429])
    const text = await (await get('/metrics', {}, limited.url)).text()
    expect(text).toContain('countersign_rate_limited_total{class="key read"} 3')
    await limited.close()
  })

  test('is not there for whoever comes through a proxy, or from another machine', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect((await get('/metrics', { [name]: '127.0.0.1' })).status, name).toBe(404)
    const app = buildServer(world)
    const from = async (remoteAddress: string) => (await app.inject({ url: '/metrics', remoteAddress })).statusCode
    for (const local of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
      expect(await from(local), local).toBe(200)
    for (const other of ['10.0.0.1', '203.0.113.9', '::ffff:10.0.0.1', '2001:db8::1', '128.0.0.1'])
      expect(await from(other), other).toBe(404)
    await app.close()
  })

  test('with METRICS_TOKEN asks everybody for it', async () => {
    const guarded = await serve({ METRICS_TOKEN: 'let-me-see' })
    const ask = async (headers: Record<string, string>) => (await get('/metrics', headers, guarded.url)).status
    expect(await ask({})).toBe(404)
    expect(await ask({ authorization: 'Bearer let-me' })).toBe(404)
    expect(await ask({ authorization: 'Bearer let-me-see' })).toBe(200)
    expect(await ask({ authorization: 'Bearer let-me-see', 'x-forwarded-for': '1.2.3.4' })).toBe(200)
    await guarded.close()
  })
})

test('while it shuts down a node is not ready, and what it answers then is 503', async () => {
  world.drain()
  const reply = await get('/readyz')
  expect([reply.status, await reply.json()]).toEqual([503, { status: 'unready', lacks: 'shutting down' }])
  expect((await get('/healthz')).status).toBe(200)
  await close()
})
