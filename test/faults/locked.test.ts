import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { testDb } from '../db.ts'
import { asker } from '../http.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { serve } from '../serve.ts'

const { address, db } = await testDb({ max: 4 })
const { url, world } = await serve({}, { address })
const { key, actor, project } = await makeAsker(world)
const ask = asker(url)

test('while tables are locked every request ends in 503 within ten seconds or so, the process lives, and all heals by itself', async () => {
  const { token, approval_id } = await makeApproval(world, actor)
  // Its row was never read by this node.
  const { key: unseen } = await makeKey(world, project)
  await world.db.sql`update api_keys set name = name`
  let unlock = () => {}
  const held = db.sql.begin(async (tx) => {
    await tx`lock table rates, api_keys, approvals, "values" in access exclusive mode`
    await new Promise<void>((resolve) => {
      unlock = resolve
    })
  })
  while ((await db.sql`select 1 from pg_locks where relation = 'rates'::regclass and granted`).length === 0)
    await sleep(10)
  const began = performance.now()
  const asked = [
    ask('GET', '/v1/key/a', { key }),
    ask('GET', '/v1/key/a', { key: unseen }),
    ask('PUT', '/v1/key/a', { key, body: 'x' }),
    ask('POST', '/v1/approvals', { key, body: { key_path: 'a', value: 'x' } }),
    ask('GET', `/v1/approvals/${approval_id}`, { key }),
    ask('GET', `/v1/link/approvals/${token}`),
    ask('POST', '/v1/demo/approvals'),
  ]
  const alive = await ask('GET', '/healthz')
  const replies = await Promise.all(asked)
  const ms = performance.now() - began
  unlock()
  await held
  expect(alive.status).toBe(200)
  for (const reply of replies) {
    expect(reply).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(reply.headers['retry-after']).toBeDefined()
  }
  expect(ms).toBeLessThan(15_000)
  const again = await ask('GET', `/v1/approvals/${approval_id}`, { key: unseen })
  expect(again).toMatchObject({ status: 200, body: { status: 'pending' } })
  expect((await ask('GET', `/v1/link/approvals/${token}`)).status).toBe(200)
})
