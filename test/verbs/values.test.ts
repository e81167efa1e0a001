import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const { values } = as(world, actor)

describe('a value', () => {
  test('comes back byte-exact, whatever well-formed text it is', async () => {
    for (const value of [
      '',
      ' ',
      'deployed',
      '"quoted"',
      '\u2028\u0001\t\r\n',
      '😀é\u0301',
      'v'.repeat(32_768),
      '{"a":1}',
    ]) {
      expect((await values.put({ key_path: 'text', value })).value).toBe(value)
      expect((await values.get({ key_path: 'text' })).value).toBe(value)
    }
    for (const value of ['\0', '\ud800', 'a\udfff', 'v'.repeat(32_769)])
      expect(await faultyFields(values.put({ key_path: 'text', value }))).toEqual(['value'])
  })
  test('that never was is not found, for reading and for deleting', async () => {
    expect(await codeOf(values.get({ key_path: 'nothing' }))).toBe('NOT_FOUND')
    expect(await codeOf(values.delete({ key_path: 'nothing' }))).toBe('NOT_FOUND')
    expect((await values.history({ key_path: 'nothing' })).items).toEqual([])
    expect(await values.pending({ key_path: 'nothing' })).toEqual({ pending: null, approvals: [] })
  })
  test('keeps counting its versions over a deletion, so that one version names one state', async () => {
    const key_path = 'counted'
    expect(await values.put({ key_path, value: 'a' })).toMatchObject({ version: 1, created: true })
    expect(await values.put({ key_path, value: 'a' })).toMatchObject({ version: 2, created: false })
    await values.delete({ key_path })
    expect(await codeOf(values.get({ key_path }))).toBe('NOT_FOUND')
    expect(await codeOf(values.delete({ key_path }))).toBe('NOT_FOUND')
    expect((await values.list({ prefix: key_path })).items).toEqual([])
    expect(await values.put({ key_path, value: 'b' })).toMatchObject({ version: 4, created: true })
    const { items } = await values.history({ key_path })
    expect(items.map((one) => [one.version, one.value, one.by.id])).toEqual([
      [4, 'b', actor.id],
      [3, null, actor.id],
      [2, 'a', actor.id],
      [1, 'a', actor.id],
    ])
  })
})

describe('pending', () => {
  test('names the newest approval, all of them newest first, and never a link', async () => {
    const made = []
    for (let i = 0; i < 4; i++) made.push(await makeApproval(world, actor, { key_path: 'asked' }))
    await world.db.sql`update approvals set expires_at = now() where id = ${made[1]?.approval_id ?? ''}`
    await as(world, actor).approvals.invalidate({ approval_id: made[2]?.approval_id ?? '' })
    const left = [made[0], made[3]].map((one) => ({
      approval_id: one?.approval_id ?? '',
      expires_at: one?.expires_at ?? '',
    }))
    const approvals = left.toSorted((a, b) => (a.approval_id < b.approval_id ? 1 : -1))
    expect(await values.pending({ key_path: 'asked' })).toEqual({ pending: approvals[0], approvals })
  })
})
