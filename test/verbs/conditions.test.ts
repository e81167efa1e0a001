import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const { values } = as(world, actor)

describe('a condition', () => {
  const key_path = 'conditional'
  test('that does not hold changes nothing and tells nothing', async () => {
    const count = async () => (await world.db.sql`select count(*)::int as n from events`)[0]?.n
    for (const if_match of ['*', '1', '"1"'])
      expect(await codeOf(values.put({ key_path, value: 'x', if_match }))).toBe('VERSION_MISMATCH')
    expect(await values.put({ key_path, value: 'a', if_none_match: '*' })).toMatchObject({ version: 1 })
    const before = await count()
    for (const if_match of [
      '2',
      '"2"',
      '"0"',
      '"v1"',
      '"abc"',
      '"1-1"',
      '"2147483648"',
      '"99999999999999999999"',
      '"11", "21"',
    ]) {
      expect(await codeOf(values.put({ key_path, value: 'x', if_match })), if_match).toBe('VERSION_MISMATCH')
      expect(await codeOf(values.delete({ key_path, if_match })), if_match).toBe('VERSION_MISMATCH')
    }
    expect(await codeOf(values.put({ key_path, value: 'x', if_none_match: '*' }))).toBe('VERSION_MISMATCH')
    expect(await count()).toBe(before)
    expect(await values.get({ key_path })).toMatchObject({ value: 'a', version: 1 })
  })
  test('that holds lets the change through', async () => {
    let version = 1
    for (const condition of ['*', '@', '"@"', 'W/"@"', '"7", "@"']) {
      const if_match = condition.replace('@', String(version))
      version = (await values.put({ key_path, value: 'b', if_match })).version
    }
    expect(version).toBe(6)
    await values.delete({ key_path, if_match: '"6"' })
    expect(await codeOf(values.put({ key_path, value: 'x', if_match: '*' }))).toBe('VERSION_MISMATCH')
    expect(await codeOf(values.put({ key_path, value: 'x', if_match: '"7"' }))).toBe('VERSION_MISMATCH')
    expect(await values.put({ key_path, value: 'c', if_none_match: '*' })).toMatchObject({ version: 8, created: true })
  })
  test('that cannot be read is refused by its name', async () => {
    for (const if_match of ['', 'abc', '"', '1,2', '""x', '-1', `"${'1'.repeat(300)}"`])
      expect(await faultyFields(values.put({ key_path, value: 'x', if_match })), if_match).toEqual(['if_match'])
    expect(await faultyFields(values.put({ key_path, value: 'x', if_none_match: '"1"' as never }))).toEqual([
      'if_none_match',
    ])
  })
  test('lets exactly one of sixteen racing writers of one version through', async () => {
    const { version } = await values.put({ key_path: 'raced', value: '0' })
    const racers = Array.from({ length: 16 }, (_, i) =>
      codeOf(values.put({ key_path: 'raced', value: `${i}`, if_match: `${version}` })),
    )
    expect((await Promise.all(racers)).filter((code) => code === 'done')).toHaveLength(1)
    const creators = Array.from({ length: 16 }, (_, i) =>
      codeOf(values.put({ key_path: 'fresh', value: `${i}`, if_none_match: '*' })),
    )
    expect((await Promise.all(creators)).filter((code) => code === 'done')).toHaveLength(1)
    const blind = await Promise.all(
      Array.from({ length: 16 }, (_, i) => values.put({ key_path: 'blind', value: `${i}` })),
    )
    expect(blind.map((one) => one.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, i) => i + 1),
    )
    expect(blind.filter((one) => one.created)).toHaveLength(1)
  })
})
