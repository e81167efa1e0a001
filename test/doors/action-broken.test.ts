import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { serve as start } from '../../server/serve.ts'
import { as } from '../as.ts'
import { actionAtWork } from '../asking.ts'
import { between } from '../between.ts'
import { testDb } from '../db.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { configOf } from '../serve.ts'

const { url, world, actor, ana, asking, asked, decide } = await actionAtWork()

test('a step that is tried again asks nothing new; another job of the matrix, attempt or question does', async () => {
  const [job, keyPath] = [{ RUNNER_TRACKING_ID: 'github_1' }, 'gh/again']
  const first = asking({ 'key-path': keyPath }, job)
  const { approval_id } = await asked({ ...first, keyPath })
  const again = asking({ 'key-path': keyPath }, job)
  expect(await asked({ ...again, keyPath })).toMatchObject({ approval_id, count: 1 })
  const others = [
    asking({ 'key-path': keyPath }, { ...job, JOB_INDEX: '1' }),
    asking({ 'key-path': keyPath }, { ...job, GITHUB_RUN_ATTEMPT: '2' }),
    asking({ 'key-path': keyPath }, { RUNNER_TRACKING_ID: 'github_2' }),
    asking({ 'key-path': keyPath, info: 'Something else' }, job),
  ]
  for (const other of others) await asked({ ...other, keyPath })
  const { items } = await as(world, actor).approvals.list({ key_path: keyPath, limit: 10 })
  expect(items).toHaveLength(5)
  for (const one of items) await as(world, ana.actor).approvals.invalidate({ approval_id: one.approval_id })
  for (const run of [first, again, ...others]) expect(await run.ended).toMatchObject({ code: 5 })
})

test('a cancelled job takes its request back', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const run = asking()
    const { approval_id } = await asked(run)
    await run.cancel(signal)
    const { code, outputs, summary } = await run.ended
    expect(code).toBe(130)
    expect(outputs).toMatchObject({ outcome: 'cancelled', decision: '', 'approval-id': approval_id })
    expect(summary).toContain('the job was cancelled')
    expect((await asked(run)).status).toBe('invalidated')
  }
})

test('a step that leaves bash between the runner and the script takes nothing back, and this harness sees it', async () => {
  const run = asking({}, {}, 'node "$GITHUB_ACTION_PATH/ask.mjs"\n:\n')
  await asked(run)
  await run.cancel('SIGINT', 500)
  expect((await asked(run)).status).toBe('pending')
})

test('a server that is stopped and started again while the action waits loses nothing', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const asker = await makeAsker(first.world)
  const person = await makePerson(first.world, asker.project)
  const run = asking({ url: first.url, 'api-key': asker.key })
  const { approval_id, action_hash } = await asked(run, first.world, asker.actor)
  await first.close()
  await sleep(700)
  const second = await start(config, openLog('silent'), { address })
  await as(second.world, person.actor).approvals.decide({ approval_id, action: 'approve', action_hash })
  const ended = await run.ended
  await second.close()
  expect(ended).toMatchObject({ code: 0, outputs: { outcome: 'approved', 'approval-id': approval_id } })
})

test('a job that is cancelled when the decision was just made says that it could not be taken back', async () => {
  const { at } = await between(url, { GET1: 'held' })
  const run = asking({ url: at })
  await decide(run, 'approve')
  await run.cancel()
  const { code, outputs, commands } = await run.ended
  expect(code).toBe(130)
  expect(outputs).toMatchObject({ outcome: 'cancelled', decision: '' })
  const told = commands.find(({ name }) => name === 'warning')?.data
  expect(told).toMatch(/^It was not taken back: This approval .*used/i)
})

test('lost replies, a proxy’s page and Retry-After are lived through, and one approval is made', async () => {
  const { seen, at } = await between(url, {
    POST1: 'lost',
    POST2: 'refused',
    GET1: 'lost',
    GET2: 'refused',
    GET3: 'page',
  })
  const run = asking({ url: at })
  expect((await asked(run)).count).toBe(1)
  // The first wait is answered, and its answer lost, once this has been decided.
  await decide(run, 'approve')
  expect(await run.ended).toMatchObject({ code: 0, outputs: { outcome: 'approved' } })
  expect(seen.map(({ what }) => what)).toEqual(['POST1', 'POST2', 'POST3', 'GET1', 'GET2', 'GET3', 'GET4'])
  const when = (what: string) => seen.find((one) => one.what === what)?.at ?? 0
  expect(when('POST3') - when('POST2')).toBeGreaterThanOrEqual(1000)
  expect(when('GET3') - when('GET2')).toBeGreaterThanOrEqual(1000)
})
