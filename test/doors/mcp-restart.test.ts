import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { serve as start } from '../../server/serve.ts'
import { answerPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { build } from '../built.ts'
import { testDb } from '../db.ts'
import { makeProject } from '../make.ts'
import { mcpOverHttp, mcpOverStdio } from '../mcp.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { configOf, serve } from '../serve.ts'

beforeAll(() => {
  build()
}, 300_000)

const wish = { action: 'email.send', reason: 'A refund.' }

test('a handle outlives the server that gave it, at either door, and a waiting process waits on', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const project = await makeProject(first.world)
  const agent = await makeAgent(first.world, project)
  const person = await makePerson(first.world, project)
  const [http, stdio] = [await mcpOverHttp(first.url, agent.key), await mcpOverStdio(first.url, agent.key)]
  const asked = await http.call('request_permission', { ...wish, wait_seconds: 0 })
  // Both wait while it stops: who is answered by the server is told that nobody has answered, and asks again.
  const [cut, patient] = [http.call('wait', { handle: asked.handle }), stdio.call('wait', { handle: asked.handle })]
  await sleep(500)
  await first.close()
  expect(await cut).toMatchObject({ status: 'pending', handle: asked.handle })
  const second = await start(config, openLog('silent'), { address })
  const waiting = http.call('wait', { handle: asked.handle })
  const [row] = (await as(second.world, agent.actor).permissions.list({})).items
  if (row) await answerPermission(second.world, person.actor, row)
  const [one, other] = [await waiting, await patient]
  expect([one.status, other.status]).toEqual(['approved', 'approved'])
  expect(other.token).toBe(one.token)
  expect(await stdio.call('use_permission', { handle: asked.handle, token: one.token })).toMatchObject({
    uses_remaining: 0,
  })
  expect((await http.call('use_permission', { handle: asked.handle, token: one.token })).error).toMatch(/^TOKEN_USED: /)
  await second.close()
})

test('a process whose server is away says so with a code, and the handle is good afterwards', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const agent = await makeAgent(first.world, await makeProject(first.world))
  const { call } = await mcpOverStdio(first.url, agent.key)
  const { handle } = await call('request_permission', { ...wish, wait_seconds: 0 })
  await first.close()
  expect((await call('use_permission', { handle, token: 'x' })).error).toMatch(/^UNREACHABLE: /)
  const second = await start(config, openLog('silent'), { address })
  expect(await call('wait', { handle, wait_seconds: 1 })).toMatchObject({ status: 'pending', handle })
  await second.close()
})

test('over stdio a client that can shows where to sign in, is told of progress, and leaves no process behind', async () => {
  const { url, world } = await serve()
  const project = await makeProject(world)
  const agent = await makeAgent(world, project)
  const { call, shown, client } = await mcpOverStdio(url, agent.key, { shows: true })
  const seen: unknown[] = []
  const onprogress = (progress: unknown) => void seen.push(progress)
  const asked = await call('request_permission', { ...wish, wait_seconds: 1 }, { onprogress })
  expect(shown).toMatchObject([{ id: asked.handle, url: asked.approval_url }])
  expect(seen.length).toBeGreaterThan(0)
  const { transport } = client
  const pid = transport && 'pid' in transport ? Number(transport.pid) : 0
  expect(pid).toBeGreaterThan(0)
  // It waits for a person when its client goes.
  const waiting = call('wait', { handle: asked.handle }).catch(() => 'left')
  await sleep(300)
  await client.close()
  expect(await waiting).toBe('left')
  const runs = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  await expect.poll(runs, { timeout: 5000 }).toBe(false)
})
