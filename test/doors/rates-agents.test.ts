import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import type { World } from '../../server/world.ts'
import { makeAgent, makeAgentKey } from '../agents.ts'
import { heardAll } from '../heard.ts'
import { asker, type Reply } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'

/** A service whose limits are the documented ones but for what the operator says. */
async function service(variables: Record<string, string> = {}) {
  const { url, world } = await serve({ RATE_LIMITS: undefined, ...variables })
  const ask = asker(url)
  /** So many requests of a key, one after the other. */
  const burst = async (key: string, times: number, path = '/v1/permissions') => {
    const replies: Reply[] = []
    while (replies.length < times) replies.push(await ask('GET', path, { key }))
    return replies
  }
  return { world, ask, burst }
}

const agentIn = async (world: World) => {
  const project = await makeProject(world)
  return { project, ...(await makeAgent(world, project, { scopes: ['values:read'] })) }
}

const refusedOf = (replies: Reply[]) => replies.filter(({ status }) => status === 429)

describe('with seed 2’s own numbers', async () => {
  const { world, ask, burst } = await service()

  test('an agent makes 60 requests in a minute, whatever it asks, and is told where it stands', async () => {
    const { key } = await agentIn(world)
    const replies = [...(await burst(key, 30)), ...(await burst(key, 35, '/v1/keys'))]
    expect(refusedOf(replies)).toHaveLength(5)
    expect(replies.slice(0, 60).map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(
      Array.from({ length: 60 }, (_, i) => String(59 - i)),
    )
    for (const { headers } of replies) {
      expect(headers['x-ratelimit-limit']).toBe('60')
      expect(headers['ratelimit-policy']).toBe('"agent-minute";q=60;w=60')
    }
    const { status, headers, body } = replies.at(-1) ?? {}
    expect({ status, code: body?.code }).toEqual({ status: 429, code: 'RATE_LIMITED' })
    expect(headers?.['retry-after']).toBe(headers?.['x-ratelimit-reset'])
  })
  test('all its live keys count together, those of another agent by themselves', async () => {
    const { project, agent, key } = await agentIn(world)
    const second = await makeAgentKey(world, project, agent)
    const other = await makeAgent(world, project)
    expect(refusedOf([...(await burst(key, 40)), ...(await burst(second.key, 20))])).toEqual([])
    expect(refusedOf([...(await burst(key, 1)), ...(await burst(second.key, 1))])).toHaveLength(2)
    expect(refusedOf(await burst(other.key, 1))).toEqual([])
  })
  test('test keys count against nothing, and are told of no limit', async () => {
    const { project, agent, key } = await agentIn(world)
    const tester = await makeAgentKey(world, project, agent, { env: 'test' })
    const replies = await burst(tester.key, 70)
    expect(refusedOf(replies)).toEqual([])
    for (const { headers } of replies) expect(Object.keys(headers).filter((name) => /ratelimit/.test(name))).toEqual([])
    const { headers } = await ask('GET', '/v1/permissions', { key })
    expect(headers['x-ratelimit-remaining']).toBe('59')
    const plain = await makeKey(world, project, 'agent-test')
    expect(refusedOf(await burst(plain.key, 70))).toEqual([])
  })
  test('a key that is no agent’s and only asks counts like an agent, with all of its line', async () => {
    const { project } = await agentIn(world)
    const { key, id } = await makeKey(world, project, 'agent-live')
    await burst(key, 50)
    const { family } = await actorOfKey(world, key)
    expect(family).toBe(id)
    const successor = await makeKey(world, project, 'agent-live', { family })
    await heardAll(world)
    expect(refusedOf(await burst(successor.key, 11))).toHaveLength(1)
  })
})

describe('with numbers of the operator’s', () => {
  test('RATE_LIMIT_PER_MIN and RATE_LIMIT_PER_HOUR replace them, and headers tell the tighter of the two', async () => {
    const { world, burst } = await service({ RATE_LIMIT_PER_MIN: '5', RATE_LIMIT_PER_HOUR: '7' })
    const { key } = await agentIn(world)
    const replies = await burst(key, 6)
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    expect(replies.map(({ headers }) => headers['ratelimit-policy'])).toEqual(
      Array.from({ length: 6 }, () => '"agent-minute";q=5;w=60'),
    )
    const strict = await service({ RATE_LIMIT_PER_MIN: '5', RATE_LIMIT_PER_HOUR: '3' })
    const hourly = await strict.burst((await agentIn(strict.world)).key, 4)
    expect(hourly.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    for (const { headers } of hourly) {
      expect(headers['ratelimit-policy']).toBe('"agent-hour";q=3;w=3600')
      expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(60)
    }
  })
  test('what the minute refuses is not spent of the hour', async () => {
    const { world, burst } = await service({ RATE_LIMIT_PER_MIN: '2', RATE_LIMIT_PER_HOUR: '4' })
    const { key, agent } = await agentIn(world)
    expect(refusedOf(await burst(key, 10))).toHaveLength(8)
    expect(await world.limiter.peek('agent hour', agent.id)).toBe(2)
  })
  test('RATE_LIMITS names the classes, too, and seed 2’s variables win', async () => {
    const both = { RATE_LIMITS: 'agent minute=2/60,agent hour=50/3600', RATE_LIMIT_PER_MIN: '4' }
    const { world, burst } = await service(both)
    expect(refusedOf(await burst((await agentIn(world)).key, 6))).toHaveLength(2)
  })
})
