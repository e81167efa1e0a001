import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const { values } = as(world, actor)

describe('a list of values', () => {
  test('pages through 120 of them, each exactly once, and by the beginning of their paths', async () => {
    const { actor } = await makeAsker(world)
    const { values } = as(world, actor)
    const paths = Array.from({ length: 120 }, (_, i) => `many/${i}`)
    for (const key_path of paths) await values.put({ key_path, value: 'x' })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await values.list({ cursor, limit: 50 })
      seen.push(...page.items.map((one) => one.key_path))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen.toSorted()).toEqual(paths.toSorted())
    expect((await values.list({ prefix: 'many/11' })).items).toHaveLength(11)
    expect((await values.list({ prefix: '%' as string }).catch(() => ({ items: [] }))).items).toEqual([])
    expect((await values.list({ prefix: 'MANY' })).items).toEqual([])
    for (const prefix of ['\0', '%', 'a'.repeat(513)])
      expect(await faultyFields(values.list({ prefix }))).toEqual(['prefix'])
  })
  test('has pages of history too, and refuses cursors that it did not make', async () => {
    for (let i = 0; i < 12; i++) await values.put({ key_path: 'paged', value: `${i}` })
    const first = await values.history({ key_path: 'paged', limit: 5 })
    expect(first.items.map((one) => one.version)).toEqual([12, 11, 10, 9, 8])
    const second = await values.history({ key_path: 'paged', limit: 10, cursor: first.next_cursor ?? '' })
    expect(second).toMatchObject({ next_cursor: null })
    expect(second.items).toHaveLength(7)
    for (const place of ['2147483648', '9999999999', '0', '-1', 'x', '1;'])
      expect(
        await faultyFields(values.history({ key_path: 'paged', cursor: Buffer.from(place).toString('base64url') })),
        place,
      ).toEqual(['cursor'])
  })
})
