import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)
const { values } = as(world, actor)

describe('a key that is held to some paths', () => {
  test('reaches them and what lies below, by whole segments, in every operation and list', async () => {
    const { actor: narrow } = await makeKey(world, project, 'write', { keyPaths: ['held/in', 'other'] })
    const caller = as(world, narrow)
    for (const key_path of ['held/in', 'held/in/deep', 'other']) {
      expect(await codeOf(caller.values.put({ key_path, value: 'x' }))).toBe('done')
      expect(await codeOf(caller.values.get({ key_path }))).toBe('done')
    }
    for (const key_path of ['held', 'held/inner', 'held/i', 'others', 'else']) {
      await values.put({ key_path, value: 'secret' })
      await makeApproval(world, actor, { key_path })
      const calls = [
        caller.values.put({ key_path, value: 'x' }),
        caller.values.get({ key_path }),
        caller.values.get({ key_path, wait: 1 }),
        caller.values.delete({ key_path }),
        caller.values.pending({ key_path }),
        caller.values.history({ key_path }),
        caller.approvals.create({ key_path, value: 'x' }),
      ]
      for (const call of calls) expect(await codeOf(call), key_path).toBe('KEY_PATH_NOT_ALLOWED')
    }
    const listed = (await caller.values.list({})).items.map((one) => one.key_path)
    expect(listed.toSorted()).toEqual(['held/in', 'held/in/deep', 'other'])
    expect((await caller.values.list({ prefix: 'held' })).items).toHaveLength(2)
    expect((await caller.values.list({ prefix: 'els' })).items).toEqual([])
    expect((await caller.approvals.list({})).items).toEqual([])
    expect((await caller.approvals.list({ key_path: 'else' })).items).toEqual([])
  })
})
