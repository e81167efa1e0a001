import { afterAll, describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { revokeKey } from '../../server/keys/key.ts'
import { actorOfKey } from '../../server/keys/known.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { isKeyText, makeKeyText } from '../../server/lib/token.ts'
import type { World } from '../../server/world.ts'
import { makeAsker, makeKey, makeProject } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const project = await makeProject(world)
/** Who made the tables; the service itself may not change them. */
const owner = connect(world.address, { max: 1, name: 'countersign test' })
afterAll(() => owner.end())

/** The same world, counting the statements that it sends. */
function counted(world: World): { world: World; statements: () => number } {
  let count = 0
  const sql = new Proxy(world.db.sql, {
    apply(target, self, args) {
      count++
      return Reflect.apply(target, self, args)
    },
  })
  return { world: { ...world, db: { ...world.db, sql } }, statements: () => count }
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('the text of a key', () => {
  test('is its prefix and 32 base62 characters, and is kept only as a digest', async () => {
    const { key, id } = await makeKey(world, project)
    expect(key).toMatch(/^otw_[0-9A-Za-z]{32}$/)
    const [row] = await world.db.sql`select k::text as text, last4, prefix from api_keys k where id = ${id}`
    expect(row?.text).not.toContain(key.slice(4, 30))
    expect(row).toMatchObject({ last4: key.slice(-4), prefix: 'otw_' })
  })
  test('that differs by any one character or any swap of neighbours is refused: 200 000 of them, without one statement', async () => {
    const watched = counted(world)
    let typos = 0
    while (typos < 200_000) {
      const text = makeKeyText(['otw_', 'otr_', 'sk_', 'ak_live_'][typos % 4] ?? '')
      for (let at = 0; at < text.length; at++) {
        const swapped = text.slice(0, at) + (text[at + 1] ?? '') + text[at] + text.slice(at + 2)
        for (const letter of letters) {
          const typo = text.slice(0, at) + letter + text.slice(at + 1)
          if (typo === text) continue
          if (isKeyText(typo)) throw new Error(`${typo} passes for ${text}`)
          typos++
        }
        if (swapped !== text && isKeyText(swapped)) throw new Error(`${swapped} passes for ${text}`)
      }
      expect(await codeOf(actorOfKey(watched.world, `${text.slice(0, -1)}-`))).toBe('INVALID_API_KEY')
      expect(await codeOf(actorOfKey(watched.world, text.replace(/^\w+_/, 'otr_').replace(/.$/, '-')))).toBe(
        'INVALID_API_KEY',
      )
    }
    for (const text of ['', 'otw_', 'x'.repeat(10_000), '\0', "' or 1=1 --"])
      expect(await codeOf(actorOfKey(watched.world, text))).toBe('INVALID_API_KEY')
    expect(watched.statements()).toBe(0)
    expect(await codeOf(actorOfKey(watched.world, makeKeyText('otw_')))).toBe('INVALID_API_KEY')
    expect(watched.statements()).toBeGreaterThan(0)
  })
  test('with the prefix of another kind is another key: rights come from the row', async () => {
    const { key } = await makeKey(world, project, 'read')
    expect(isKeyText(key.replace('otr_', 'otw_'))).toBe(false)
  })
})

describe('a key', () => {
  const revoke = (id: string) => revokeKey(world.db.sql, systemCtx(world, 'test'), project.id, id)

  test('that is revoked is refused at once on every node, whatever they remember of it', async () => {
    for (let round = 0; round < 20; round++) {
      const { key, id } = await makeKey(world, project)
      for (const node of [world, other]) expect(await codeOf(actorOfKey(node, key))).toBe('done')
      await revoke(id)
      // What the last NOTIFY said is heard before what is said next.
      await Promise.all([world, other].map((node) => heardAll(node)))
      for (const node of [world, other]) expect(await codeOf(actorOfKey(node, key))).toBe('EXPIRED_API_KEY')
    }
  })
  test('is read once for many requests, and anew after it changed', async () => {
    const { key, id } = await makeKey(world, project)
    const watched = counted(world)
    for (let i = 0; i < 10; i++) await actorOfKey(watched.world, key)
    expect(watched.statements()).toBe(1)
    await world.db.sql`update api_keys set key_paths = '{only/here}' where id = ${id}`
    await heardAll(world)
    expect((await actorOfKey(watched.world, key)).keyPaths).toEqual(['only/here'])
  })
  test('is read each time while changes cannot be heard', async () => {
    const { key, id } = await makeKey(world, project)
    const deaf: World = { ...world, wake: { ...world.wake, isListening: () => false } }
    expect(await codeOf(actorOfKey(deaf, key))).toBe('done')
    await owner`alter table api_keys disable trigger api_keys_notify`
    await revoke(id)
    await owner`alter table api_keys enable trigger api_keys_notify`
    expect(await codeOf(actorOfKey(deaf, key))).toBe('EXPIRED_API_KEY')
  })
  test('is revoked once: a second time changes and tells nothing, another project’s is not found', async () => {
    const { id } = await makeKey(world, project)
    const first = await revoke(id)
    expect(await revoke(id)).toEqual(first)
    const told = await world.db.sql`select 1 from events where name = 'key.revoked' and target = ${`key:${id}`}`
    expect(told).toHaveLength(1)
    const { project: elsewhere } = await makeAsker(world)
    expect(await revokeKey(world.db.sql, systemCtx(world, 'test'), elsewhere.id, id)).toBeUndefined()
  })
})

/** Until a node has heard everything that was said so far. */
async function heardAll(node: World): Promise<void> {
  const topic = `test ${Math.random()}`
  const { changed } = node.wake.next(topic, 10_000, new AbortController().signal)
  await world.db.sql`select pg_notify('changes', ${topic})`
  if (!(await changed)) throw new Error('A NOTIFY was not heard.')
}
