import { appendFileSync } from 'node:fs'
import { test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { newId } from '../../server/lib/id.ts'
import { store } from '../../server/requests/row.ts'
import { makeKey, makeProject } from '../make.ts'
import { testWorld } from '../serve.ts'
import { randomUUID } from 'node:crypto'
const world = await testWorld()
test('x', async () => {
  const project = await makeProject(world)
  const key = await makeKey(world, project)
  const ctx = systemCtx(world, 'x')
  const rows = () => Array.from({ length: 500 }, () => ({ id: randomUUID(), projectId: project.id, keyId: key.id, isUse: true, at: new Date(), method: 'GET', route: '/v1/key/{key_path}', status: 200, code: null, ip: '127.0.0.1', userAgent: null, ms: 1, bytesIn: 0, bytesOut: 10, requestBody: null, responseBody: null }))
  const out: string[] = []
  for (let i = 0; i < 30; i++) {
    const batch = rows()
    const [t, c] = [performance.now(), process.cpuUsage()]
    await world.db.sql.begin((tx) => store(tx as never, ctx, batch, false))
    const u = process.cpuUsage(c)
    out.push(`${(performance.now() - t).toFixed(1)}ms cpu ${((u.user + u.system) / 1000).toFixed(1)}`)
  }
  const plan = await world.db.sql`explain (analyze, buffers) insert into requests (id, project_id, key_id, at, method, route, status, code, ip, ms, bytes_in, bytes_out) select gen_random_uuid()::text, ${project.id}, ${key.id}, now(), 'GET', '/v1/keys', 200, null, '127.0.0.1', 1, 0, 10 from generate_series(1, 500)`
  appendFileSync('/tmp/keysbench/out2.txt', `${out.join('\n')}\n${plan.map((r) => r['QUERY PLAN']).join('\n')}\n`)
  const s = await world.db.sql`select name, setting from pg_settings where name in ('fsync','synchronous_commit','shared_buffers','wal_level','jit')`
  appendFileSync('/tmp/keysbench/out2.txt', JSON.stringify(s))
})
