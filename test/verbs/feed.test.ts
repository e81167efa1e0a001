import { describe, expect, test } from 'vitest'
import { makeListener } from '../../server/feed/listener.ts'
import { isAfter, placeIn, placeText } from '../../server/feed/place.ts'
import type { Told } from '../../server/feed/reading.ts'
import { type Sight, sees, sightOf } from '../../server/feed/sight.ts'
import { type EventName, events } from '../../shared/events.ts'
import { makeAgent } from '../agents.ts'
import { reader } from '../events.ts'
import { makeAsker, makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)

describe('a place', () => {
  test('comes back from its text, and nothing else is one', () => {
    for (const place of [
      { tick: 0, seq: 0 },
      { tick: 740, seq: 12 },
      { tick: 2 ** 52, seq: Number.MAX_SAFE_INTEGER },
    ])
      expect(placeIn(placeText(place))).toEqual(place)
    for (const text of ['', '-', 'a-', '-a', 'A-1', '1-1-1', '1.5-1', `1-${'z'.repeat(11)}`, ' 1-1', '1-1\n'])
      expect(placeIn(text)).toBeUndefined()
  })
  test('is ordered by tick, then by seq', () => {
    expect(isAfter({ tick: 2, seq: 1 }, { tick: 1, seq: 9 })).toBe(true)
    expect(isAfter({ tick: 1, seq: 9 }, { tick: 2, seq: 1 })).toBe(false)
    expect(isAfter({ tick: 1, seq: 2 }, { tick: 1, seq: 1 })).toBe(true)
    expect(isAfter({ tick: 1, seq: 1 }, { tick: 1, seq: 1 })).toBe(false)
  })
})

test('every event that there is belongs to one right to read it', () => {
  const none: Sight = { values: false, approvals: false, secrets: false, agents: false, audit: false, keyPaths: null }
  for (const name of Object.keys(events) as EventName[]) {
    const payload = { key_path: 'a' }
    const family = name.slice(0, name.indexOf('.'))
    const rights = { value: 'values', approval: 'approvals', secret: 'secrets', ask: 'secrets', kept: 'secrets' }
    const right = { ...rights, permission: 'agents', policy: 'agents', agent: 'agents' }[family] ?? 'audit'
    const seen = (['values', 'approvals', 'secrets', 'agents', 'audit'] as const).filter((one) =>
      sees({ ...none, [one]: true }, { name, payload }),
    )
    expect(seen).toEqual([right])
    expect(sees({ ...none, values: true, approvals: true, keyPaths: ['b'] }, { name, payload })).toBe(false)
  }
  expect(sees({ ...none, values: true }, { name: 'value.set', payload: {} })).toBe(false)
})

test('of secrets a person hears who sees their list, and a key only with the right to the audit log', async () => {
  const secrets = (sight: Sight) => sees(sight, { name: 'secret.received', payload: {} })
  expect(secrets(sightOf((await makePerson(world, project, 'VIEWER')).actor))).toBe(true)
  expect(secrets(sightOf((await makeKey(world, project, 'write')).actor))).toBe(false)
  expect(secrets(sightOf((await makeKey(world, project, 'admin')).actor))).toBe(true)
})

test('of what agents ask every person of the project hears, and no agent of another', async () => {
  const asked = (sight: Sight) => sees(sight, { name: 'permission.requested', payload: {} })
  expect(asked(sightOf((await makePerson(world, project, 'VIEWER')).actor))).toBe(true)
  expect(asked(sightOf((await makeAgent(world, project, { scopes: ['values:read'] })).actor))).toBe(false)
})

describe('a listener', () => {
  const row = (tick: number, seq: number): Told => ({
    ...{ id: `${tick}-${seq}`, name: 'value.set', actor: { type: 'system', id: null, name: 'test' } },
    ...{ target: 'value:a', payload: { key_path: 'a', version: 1 }, request_id: null, ip: null, user_agent: null },
    ...{ at: new Date(0), seal: null, tick, seq },
  })
  const listener = (isOld = (_tick: number) => false) =>
    makeListener({ actor, principal: 'p', readmit: async () => actor, from: { at: { tick: 10, seq: 0 }, isOld } })
  const heard = (text: string) => {
    const read = reader()
    read.feed(text)
    return read.heard.map((one) => one.id)
  }
  test('takes each row once, whoever read it, and nothing from before its place', () => {
    const one = listener()
    one.take({ rows: [row(9, 1), row(10, 3), row(11, 2)], upTo: { tick: 12, seq: 0 } })
    one.take({ rows: [row(10, 3), row(11, 2), row(12, 4)], upTo: { tick: 13, seq: 0 } })
    expect(heard(one.drain() ?? '')).toEqual(['a-3', 'b-2', 'c-4'])
    expect(one.at).toEqual({ tick: 13, seq: 0 })
    expect(one.drain()).toBeUndefined()
  })
  test('that begins now passes over what had committed by then', () => {
    const one = listener((tick) => tick === 11)
    one.take({ rows: [row(10, 1), row(11, 2), row(12, 3)], upTo: { tick: 13, seq: 0 } })
    expect(heard(one.drain() ?? '')).toEqual(['a-1', 'c-3'])
  })
  test('whose client takes nothing holds at most 500 frames, and knows where to read on', () => {
    const one = listener()
    one.isLive = true
    const rows = Array.from({ length: 5000 }, (_, n) => row(20 + n, n + 1))
    one.take({ rows, upTo: { tick: 9000, seq: 0 } })
    expect(one.isLive).toBe(false)
    // The first frame is the greeting.
    expect(heard(one.drain() ?? '')).toHaveLength(499)
    expect(one.at).toEqual({ tick: 20 + 498, seq: 499 })
    one.take({ rows, upTo: { tick: 9000, seq: 0 } })
    expect(heard(one.drain() ?? '')[0]).toBe(placeText({ tick: 20 + 499, seq: 500 }))
  })
  test('gives a sign of life only when nothing waits, with the place it has come to', () => {
    const one = listener()
    one.beat()
    expect(one.drain()).toBe('retry: 2000\nid: a-0\n\n')
    one.take({ rows: [], upTo: { tick: 35, seq: 0 } })
    one.beat()
    one.beat()
    expect(one.drain()).toBe(': here\nid: z-0\n\n')
  })
})
