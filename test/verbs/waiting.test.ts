import { describe, expect, test } from 'vitest'
import type { World } from '../../server/world.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const owner = ownerOf(world)
const { actor } = await makeAsker(world)
const here = as(world, actor)
const there = as(other, actor)

/** Until so many wait on a node: what happens next happens during the wait. */
async function waitingOn(node: World, count: number): Promise<void> {
  while (node.wake.waiting() !== count) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('waiting for a value', () => {
  test('that is absent ends when it appears', async () => {
    const reading = here.values.get({ key_path: 'absent', wait: 30 })
    await waitingOn(world, 1)
    await here.values.put({ key_path: 'absent', value: 'now' })
    expect(await reading).toMatchObject({ value: 'now', version: 1 })
    expect(world.wake.waiting()).toBe(0)
  })
  test('ends when the version differs from the one on arrival, not before', async () => {
    await here.values.put({ key_path: 'there', value: 'a' })
    const reading = here.values.get({ key_path: 'there', wait: 30 })
    await waitingOn(world, 1)
    await here.values.put({ key_path: 'there/below', value: 'else' })
    await there.values.put({ key_path: 'there', value: 'a' })
    expect(await reading).toMatchObject({ value: 'a', version: 2 })
  })
  test('with If-None-Match ends at once when the caller knows another version', async () => {
    await here.values.put({ key_path: 'known', value: 'a' })
    for (const if_none_match of ['"7"', '"abc"', '"v1"', '2', '"5", W/"6"'])
      expect(await here.values.get({ key_path: 'known', wait: 55, if_none_match })).toMatchObject({ version: 1 })
    const reading = here.values.get({ key_path: 'known', wait: 30, if_none_match: '"9", "1"' })
    await waitingOn(world, 1)
    await there.values.put({ key_path: 'known', value: 'b' })
    expect(await reading).toMatchObject({ version: 2 })
  })
  test('ends with not found when it is deleted meanwhile', async () => {
    await here.values.put({ key_path: 'doomed', value: 'a' })
    const reading = codeOf(here.values.get({ key_path: 'doomed', wait: 30 }))
    await waitingOn(world, 1)
    await there.values.delete({ key_path: 'doomed' })
    expect(await reading).toBe('NOT_FOUND')
  })
  test('whose time is up answers what is there, or that nothing is', async () => {
    await here.values.put({ key_path: 'still', value: 'a' })
    const [still, absent] = [
      here.values.get({ key_path: 'still', wait: 1 }),
      codeOf(here.values.get({ key_path: 'void', wait: 1 })),
    ]
    expect(await still).toMatchObject({ version: 1 })
    expect(await absent).toBe('NOT_FOUND')
    expect(world.wake.waiting()).toBe(0)
  })
  test('is between 1 and 55 seconds', async () => {
    for (const wait of [0, 56, 1.5, -1])
      expect(await codeOf(here.values.get({ key_path: 'still', wait }))).toBe('INVALID_INPUT')
  })
  test('wakes 200 waiters of one value on two nodes by one change', async () => {
    await here.values.put({ key_path: 'many', value: 'a' })
    const readings = Array.from({ length: 200 }, (_, i) =>
      as(i % 2 ? world : other, actor).values.get({ key_path: 'many', wait: 30 }),
    )
    await Promise.all([waitingOn(world, 100), waitingOn(other, 100)])
    await here.values.put({ key_path: 'many', value: 'b' })
    expect((await Promise.all(readings)).every((one) => one.version === 2)).toBe(true)
  })
})

describe('waiting for an approval', () => {
  test('by its id and by its link ends when it is decided on another node, with initial value and decision in one', async () => {
    const made = await makeApproval(world, actor, { key_path: 'decided' })
    const visitor = asVisitor(other)
    const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
    const waits = [
      here.approvals.get({ approval_id: made.approval_id, wait: 30 }),
      asVisitor(world).approvals.open({ token: made.token, wait: 30 }),
    ]
    const value = here.values.get({ key_path: 'decided', wait: 30 })
    await waitingOn(world, 3)
    await visitor.approvals.act({ token: made.token, action: 'approve', csrf_token, action_hash })
    for (const seen of await Promise.all(waits)) expect(seen.status).toBe('executed')
    expect(await value).toMatchObject({ value: 'approved' })
  })
  test('that has ended, or is not there, answers at once', async () => {
    const { approval_id, token } = await makeApproval(world, actor)
    await here.approvals.invalidate({ approval_id })
    expect((await here.approvals.get({ approval_id, wait: 55 })).status).toBe('invalidated')
    expect((await asVisitor(world).approvals.open({ token, wait: 55 })).status).toBe('invalidated')
    expect(await codeOf(here.approvals.get({ approval_id: '0'.repeat(26), wait: 55 }))).toBe('NOT_FOUND')
    expect(await codeOf(asVisitor(world).approvals.open({ token: '0'.repeat(26), wait: 55 }))).toBe('NOT_FOUND')
  })
  test('tells of its expiry at the end of the wait, though no sweeper runs', async () => {
    const { approval_id } = await makeApproval(world, actor)
    await world.db.sql`update approvals set expires_at = now() + interval '500 ms' where id = ${approval_id}`
    expect((await here.approvals.get({ approval_id, wait: 1 })).status).toBe('expired')
  })
})

describe('a waiter', () => {
  test('reads again when LISTEN comes back, also what changed while nobody listened', async () => {
    for (let round = 0; round < 5; round++) {
      const reading = here.values.get({ key_path: `deaf/${round}`, wait: 30 })
      await waitingOn(world, 1)
      // The change is made without a NOTIFY that anybody could hear.
      await owner`alter table "values" disable trigger values_notify`
      await there.values.put({ key_path: `deaf/${round}`, value: 'x' })
      await owner`alter table "values" enable trigger values_notify`
      expect(world.wake.waiting()).toBe(1)
      await cutListeners()
      expect(await reading).toMatchObject({ value: 'x' })
    }
    while (!world.wake.isListening()) await new Promise((resolve) => setTimeout(resolve, 10))
    const reading = here.values.get({ key_path: 'heard', wait: 30 })
    await waitingOn(world, 1)
    await there.values.put({ key_path: 'heard', value: 'y' })
    expect(await reading).toMatchObject({ value: 'y' })
  })
  test('whose client has left is gone', async () => {
    const left = new AbortController()
    const gone = as(world, actor, { signal: left.signal })
    const reading = codeOf(gone.values.get({ key_path: 'left', wait: 55 }))
    await waitingOn(world, 1)
    left.abort()
    await reading
    expect(world.wake.waiting()).toBe(0)
  })
  test('is let go at once when the node shuts down', async () => {
    const node = await worldAt(world.address)
    const caller = as(node, actor)
    await here.values.put({ key_path: 'kept', value: 'a' })
    const readings = [
      caller.values.get({ key_path: 'kept', wait: 55 }),
      caller.values.get({ key_path: 'never', wait: 55 }),
    ].map(codeOf)
    await waitingOn(node, 2)
    node.drain()
    expect(await Promise.all(readings)).toEqual(['done', 'NOT_FOUND'])
    expect(await codeOf(caller.values.get({ key_path: 'kept', wait: 55 }))).toBe('UNAVAILABLE')
  })
})

const cutListeners = () => owner`
  select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'countersign listen' and datname = current_database()`
