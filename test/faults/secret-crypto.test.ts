import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { unseal } from '../../server/lib/crypto.ts'
import {
  type KeyColumn,
  linkOpener,
  openContent,
  secretDigest,
  unwrapKey,
  type Wrapped,
} from '../../server/secrets/sealing.ts'
import { wrapGeneration } from '../../server/vault.ts'
import type { World } from '../../server/world.ts'
import { makeSecretIn } from '../at-rest.ts'
import { makeProject } from '../make.ts'
import { configOf, testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const projects = [await makeProject(world), await makeProject(world)]

type Kept = { at: Wrapped; dataKey: Uint8Array; content: Uint8Array }
/** What each of the three has: the row, the link, and the text that both with the keys must give. */
type Secret = { key: string; text: string; kept: Kept }

async function make(n: number): Promise<Secret> {
  const project = projects[n % 2]
  if (!project) throw new Error('There is no project.')
  const text = `canary ${randomBytes(16).toString('hex')}`
  const { key, id } = await makeSecretIn(world, project, { content: text, ttl: n % 3 === 0 ? 3600 : 200_000 })
  const [row] = await sql`select project_id, epoch_id, key_version, data_key, content from secrets where id = ${id}`
  const at = { id, projectId: project.id, epochId: row?.epoch_id, keyVersion: row?.key_version }
  return { key, text, kept: { at, dataKey: row?.data_key, content: row?.content } }
}

/** What somebody gets out with what they have; undefined when nothing. */
async function open(node: World, key: string, { at, dataKey, content }: Kept, column: KeyColumn = 'data_key') {
  try {
    const opened = await unwrapKey(node, at, column, await linkOpener(at, key), dataKey)
    return opened && openContent(at, opened, content).toString()
  } catch {
    return undefined
  }
}

const secrets: Secret[] = []
for (let n = 0; n < 100; n++) secrets.push(await make(n))
// The other half under a second generation.
const [master] = [configOf().masterKey]
if (!master) throw new Error('There is no master key.')
await sql`
  insert into instance_keys (generation, wrapped) values (2, ${wrapGeneration(master, { version: 2, key: randomBytes(32) })})`
await world.vault.refresh()
for (let n = 0; n < 100; n++) secrets.push(await make(n))

const random = (bytes: Uint8Array) => randomBytes(bytes.length)
const pick = <Thing>(things: readonly Thing[], not?: Thing): Thing => {
  for (;;) {
    const thing = things[Math.floor(Math.random() * things.length)]
    if (thing !== undefined && thing !== not) return thing
  }
}

describe('without all three of database, keys of the instance and link', () => {
  /** A thief who has some of it, and makes up the rest. */
  const opened = async (has: { database: boolean; master: boolean; keyring: boolean; link: boolean }) => {
    const thief: World = {
      ...world,
      vault: has.master ? world.vault : { ...world.vault, keyOf: async () => randomBytes(32) },
      keyring: has.keyring ? world.keyring : { ...world.keyring, read: () => randomBytes(32) },
    }
    let count = 0
    for (const secret of secrets) {
      const { key, text, kept } = secret
      const { dataKey, content } = kept
      const row = has.database ? kept : { ...kept, dataKey: random(dataKey), content: random(content) }
      // Who has the database has the digest of the link, and links of their own.
      const guesses = has.link ? [key] : [secretDigest(world, key).toString('hex'), pick(secrets, secret).key, '']
      for (const guess of guesses) if ((await open(thief, guess, row)) === text) count++
    }
    return count
  }
  const some = [true, false]
  const sets = some.flatMap((database) =>
    some.flatMap((master) => some.flatMap((keyring) => some.map((link) => ({ database, master, keyring, link })))),
  )

  test.each(sets.filter((has) => !Object.values(has).every(Boolean)))('nothing opens: %o', async (has) => {
    expect(await opened(has)).toBe(0)
  })

  test('and with all of it everything does (control)', async () => {
    expect(await opened({ database: true, master: true, keyring: true, link: true })).toBe(200)
  })
})

describe('what was moved to another place', () => {
  const columns: KeyColumn[] = ['replay_key', 'upload_key', 'ticket_key']
  const others = (secret: Secret, same: (other: Secret) => boolean) =>
    secrets.filter((other) => other !== secret && same(other))
  type Moved = { kept: Kept; column?: KeyColumn; key?: string }
  /** Each takes something of one row for something of another; who reads has the link of either, and all keys. */
  const moves: Record<string, (one: Secret, two: Secret) => Moved> = {
    'the wrapped key, of another row': ({ kept }, two) => ({ kept: { ...kept, dataKey: two.kept.dataKey } }),
    'the text, of another row': ({ kept }, two) => ({ kept: { ...kept, content: two.kept.content } }),
    'both, of another row': ({ kept }, two) => ({ kept: { ...two.kept, at: kept.at } }),
    'both and the link, of another row': ({ kept }, two) => ({ kept: { ...two.kept, at: kept.at }, key: two.key }),
    'the id': ({ kept }, two) => ({ kept: { ...kept, at: { ...kept.at, id: two.kept.at.id } } }),
    'the epoch': ({ kept }) => ({ kept: { ...kept, at: { ...kept.at, epochId: otherEpoch(kept.at.epochId) } } }),
    'the column': ({ kept }) => ({ kept, column: pick(columns) }),
    'the project': ({ kept }) => ({
      kept: { ...kept, at: { ...kept.at, projectId: otherProject(kept.at.projectId) } },
    }),
    'the version': ({ kept }) => ({ kept: { ...kept, at: { ...kept.at, keyVersion: 3 - kept.at.keyVersion } } }),
  }
  const otherProject = (id: string) => pick(projects.map((one) => one.id).filter((one) => one !== id))
  const otherEpoch = (id: string) => pick(secrets.map(({ kept }) => kept.at.epochId).filter((one) => one !== id))

  test('opens in none of 500 random swaps', async () => {
    const counts: Record<string, number> = {}
    for (let n = 0; n < 500; n++) {
      const [name, move] = pick(Object.entries(moves))
      const one = pick(secrets)
      const two = pick(others(one, ({ kept }) => n % 2 === 0 || kept.at.projectId === one.kept.at.projectId))
      const { kept, column, key = one.key } = move(one, two)
      expect(await open(world, one.key, one.kept), 'unmoved (control)').toBe(one.text)
      expect(await open(world, key, kept, column), name).toBeUndefined()
      counts[name] = (counts[name] ?? 0) + 1
    }
    expect(Object.keys(counts).sort()).toEqual(Object.keys(moves).sort())
  })
})

describe('a tag that is too short', () => {
  const key = randomBytes(32)
  const iv = randomBytes(12)
  /** A text under the key whose tag is cut, as AES-GCM allows it. */
  const withTag = (authTagLength: number) => {
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength }).setAAD(Buffer.from('here'))
    const text = Buffer.concat([cipher.update('a text of more than sixteen bytes'), cipher.final()])
    return { text, tag: cipher.getAuthTag() }
  }

  test.each([4, 8, 12, 13, 14, 15])('of %i bytes is refused', (length) => {
    const { text, tag } = withTag(length)
    expect(() => unseal(key, Buffer.concat([iv, text, tag]), 'here')).toThrow()
    expect(() => unseal(key, Buffer.concat([iv, tag]), 'here')).toThrow()
    // The control: a reader that does not insist takes it.
    const lax = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: length }).setAAD(Buffer.from('here'))
    expect(Buffer.concat([lax.setAuthTag(tag).update(text), lax.final()]).toString()).toContain('a text')
  })

  test('of 16 bytes is taken (control)', () => {
    const { text, tag } = withTag(16)
    expect(unseal(key, Buffer.concat([iv, text, tag]), 'here').toString()).toContain('a text')
  })

  test('is refused wherever a row’s is cut', async () => {
    const [secret] = secrets
    if (!secret) throw new Error('There is no secret.')
    for (const length of [4, 8, 12, 13, 14, 15]) {
      const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 16 + length)
      const { dataKey, content } = secret.kept
      expect(await open(world, secret.key, { ...secret.kept, dataKey: cut(dataKey) })).toBeUndefined()
      expect(await open(world, secret.key, { ...secret.kept, content: cut(content) })).toBeUndefined()
    }
  })
})
