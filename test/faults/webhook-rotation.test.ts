import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { rotate } from '../../server/instance/rotation.ts'
import { wrapGeneration } from '../../server/vault.ts'
import { rewrapWebhooks } from '../../server/webhooks/rewrap.ts'
import { findWebhook, secretsOf, urlOf } from '../../server/webhooks/webhook.ts'
import type { World } from '../../server/world.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { testWorld, worldAt } from '../serve.ts'

const masters = Array.from({ length: 3 }, () => randomBytes(32).toString('hex'))
/** The variables of somebody who has the first so many keys; the last of them is the present one. */
const having = (count: number) => ({
  MASTER_KEY: masters[count - 1],
  PREVIOUS_MASTER_KEYS: count > 1 ? masters.slice(0, count - 1).join() : undefined,
})

const world = await testWorld(having(1))
const project = await makeProject(world)
const { actor } = await makePerson(world, project)
const mine = (at: World) => as(at, actor).webhooks

/** What deliveries of a webhook are made of, as this node opens it. */
async function opened(at: World, id: string): Promise<string[]> {
  const row = await findWebhook(at.db.sql, project.id, id)
  if (!row) throw new Error('The webhook is gone.')
  return [await urlOf(at, row), ...(await secretsOf(at, row))]
}

describe('a rotation of the master key', () => {
  test('moves addresses and secrets of webhooks, also of one in the middle of a rotation of its own', async () => {
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push((await mine(world).create({ url: `https://hooks.example.com/${n}` })).id)
    for (const webhook_id of ids.slice(3)) await mine(world).rotate({ webhook_id })
    const before = await Promise.all(ids.map((id) => opened(world, id)))
    expect(before.map((one) => one.length)).toEqual([2, 2, 2, 3, 3, 3])
    const next = await worldAt(world.address, having(2))
    expect(await rotate(next)).toEqual({ changed: true, rows: 6, ended: 1, kept: 0 })
    const fresh = await worldAt(world.address, { MASTER_KEY: masters[1] })
    expect(await Promise.all(ids.map((id) => opened(fresh, id)))).toEqual(before)
    expect(await rotate(next)).toEqual({ changed: false, rows: 0, ended: 0, kept: 0 })
  })

  test('is survived by nodes that had not heard of it: they make, change and rotate under the new key by themselves', async () => {
    const old = having(3)
    const behind = await Promise.all([1, 2, 3].map(() => worldAt(world.address, old)))
    const ahead = await worldAt(world.address, having(2))
    const { id: webhook_id } = await mine(ahead).create({ url: 'https://hooks.example.com/before' })
    await rotate(await worldAt(world.address, old))
    const [making, changing, rotating] = behind as [World, World, World] // three were opened
    expect(await mine(making).create({ url: 'https://hooks.example.com/new' })).toMatchObject({ enabled: true })
    const { secret } = await mine(rotating).rotate({ webhook_id })
    await mine(changing).update({ webhook_id, url: 'https://hooks.example.com/after' })
    expect((await opened(changing, webhook_id)).slice(0, 2)).toEqual(['https://hooks.example.com/after', secret])
  })

  test('does not undo a change that comes between its reading and its writing', async () => {
    const node = await worldAt(world.address, having(3))
    const { id: webhook_id } = await mine(node).create({ url: 'https://hooks.example.com/before' })
    const { version } = node.vault.newest()
    const next = { version: version + 1, key: randomBytes(32) }
    const wrapped = wrapGeneration(Buffer.from(masters[2] ?? '', 'hex'), next)
    await node.db.sql`insert into instance_keys (generation, wrapped) values (${next.version}, ${wrapped})`
    let changed = false
    const keyOf = async (of: number) => {
      if (!changed) {
        changed = true
        await mine(node).update({ webhook_id, url: 'https://hooks.example.com/between' })
      }
      return node.vault.keyOf(of)
    }
    const interrupted = { ...node, vault: { ...node.vault, keyOf } }
    const [before] = await node.db.sql`select max(id) as id from webhooks where id < ${webhook_id}`
    await rewrapWebhooks(interrupted, node.db.sql, next.version, before?.id ?? '')
    expect(changed).toBe(true)
    expect((await opened(node, webhook_id))[0]).toBe('https://hooks.example.com/between')
  })
})
