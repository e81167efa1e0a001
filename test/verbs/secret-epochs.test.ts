import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { startSweeper } from '../../server/jobs/sweep.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { clearKeyring, destroyEpochs } from '../../server/secrets/ended-epochs.ts'
import { epochFor } from '../../server/secrets/epochs.ts'
import { makeSecret, withKeys } from '../../server/secrets/fresh.ts'
import { forgetMissing, missingEpochs } from '../../server/secrets/missing.ts'
import { ageEpochs, makeSecretIn, readSecret } from '../at-rest.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { until } from '../until.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const owner = ownerOf(world)
const { sql } = world.db
const project = await makeProject(world)
const standing = async () =>
  (await sql<{ id: string }[]>`select id from secret_epochs where destroyed_at is null order by id`).map(({ id }) => id)

test('an epoch lives as long as one secret in it can be read, and its key goes with the last', async () => {
  const [one, two] = [await makeSecretIn(world, project), await makeSecretIn(other, project)]
  await ageEpochs(world)
  expect(world.keyring.ids()).toEqual(await standing())
  expect(await readSecret(world, one.key)).toBe('a secret')
  expect(await destroyEpochs(world)).toBe(0)
  expect(await readSecret(world, two.key)).toBe('a secret')
  const counts = await Promise.all([destroyEpochs(world), destroyEpochs(other)])
  expect(counts.reduce((all, count) => all + count)).toBe(1)
  expect([await standing(), world.keyring.ids()]).toEqual([[], []])
})

test('the next secret of the same hour gets a key of its own, also on a node that remembers the old one', async () => {
  const before = await makeSecretIn(world, project)
  const [epoch] = await standing()
  await readSecret(world, before.key)
  await ageEpochs(world)
  await destroyEpochs(other)
  const after = await makeSecretIn(world, project)
  expect(await standing()).not.toContain(epoch)
  expect(await readSecret(other, after.key)).toBe('a secret')
})

test('an epoch is not destroyed in its first minute: a quiet instance does not make a key for each secret', async () => {
  await ageEpochs(world)
  await destroyEpochs(world)
  for (let i = 0; i < 5; i++) {
    await readSecret(world, (await makeSecretIn(world, project)).key)
    expect(await destroyEpochs(world)).toBe(0)
  }
  expect(world.keyring.ids()).toHaveLength(1)
})

test('the running sweeper destroys the key of the last secret that was read', async () => {
  const { key } = await makeSecretIn(world, project)
  await ageEpochs(world)
  const sweeper = startSweeper(other)
  await readSecret(world, key)
  await until(async () => world.keyring.ids().length === 0)
  await sweeper.stop()
})

test('a key whose destroyer died after the commit goes at the next look, and one that never got a row after an hour', async () => {
  const { key } = await makeSecretIn(world, project)
  const [epoch = ''] = await standing()
  const [dead, stray, young] = [ulid(), ulid(Date.now() - 3_700_000), ulid(Date.now() - 3_500_000)]
  await sql`insert into secret_epochs (id, until, destroyed_at) values (${dead}, now(), now())`
  for (const id of [dead, stray, young]) world.keyring.make(id)
  await clearKeyring(world)
  expect(world.keyring.ids().sort()).toEqual([young, epoch].sort())
  world.keyring.destroy(young)
  expect(await sql`select from secret_epochs where id = ${dead}`).toHaveLength(0)
  expect(await readSecret(world, key)).toBe('a secret')
})

test('the row of a destroyed epoch goes when its key is gone, and what is left of its secrets is told as before', async () => {
  const { id, key } = await makeSecretIn(world, project)
  const [epoch = ''] = await standing()
  await readSecret(world, key)
  await ageEpochs(world)
  await destroyEpochs(world)
  expect(await sql`select from secret_epochs where id = ${epoch}`).toHaveLength(1)
  await clearKeyring(world)
  expect(await sql`select from secret_epochs where id = ${epoch}`).toHaveLength(0)
  expect(await sql`select state from secrets where id = ${id}`).toEqual([{ state: 'received' }])
})

test('secrets long and short lie in epochs of their own, and no key outlives its secret by more than a day', async () => {
  const [hour, month] = [await epochFor(world, 3600), await epochFor(world, 30 * 86_400)]
  expect(hour.id).not.toBe(month.id)
  expect(hour.until.getTime() - Date.now()).toBeLessThanOrEqual(2 * 3_600_000)
  expect(month.until.getTime() - Date.now()).toBeLessThanOrEqual(31 * 86_400_000)
})

test('only the account of the service may look at the keys', async () => {
  const { id } = await epochFor(world, 3600)
  const { keyringDir } = world.config
  expect(statSync(keyringDir).mode & 0o777).toBe(0o700)
  expect(statSync(`${keyringDir}/${id}.key`).mode & 0o777).toBe(0o600)
  expect(statSync(keyringDir).uid).toBe(process.getuid?.())
})

test('a key that is lost is told of; giving it up burns what hung on it, and nothing else', async () => {
  const [lost, kept] = [
    await makeSecretIn(world, project, { ttl: 60 }),
    await makeSecretIn(world, project, { ttl: 86_400 * 3 }),
  ]
  const [row] = await sql<{ epoch_id: string }[]>`select epoch_id from secrets where id = ${lost.id}`
  world.keyring.destroy(row?.epoch_id ?? '')
  expect(await missingEpochs(sql, world.keyring.read)).toEqual([row?.epoch_id])
  expect(await codeOf(readSecret(world, lost.key))).toBe('KEY_MISSING')
  expect(await forgetMissing(systemCtx(world, 'command line'))).toMatchObject({ epochs: 1, secrets: 1 })
  expect(await missingEpochs(sql, world.keyring.read)).toEqual([])
  expect(await sql`select state, data_key from secrets where id = ${lost.id}`).toEqual([
    { state: 'burned', data_key: null },
  ])
  expect(await sql`select name from events where target = ${`secret:${lost.id}`} order by seq`).toEqual([
    { name: 'secret.created' },
    { name: 'secret.burned' },
  ])
  expect(await readSecret(world, kept.key)).toBe('a secret')
})

/** Wrong on purpose: one statement, without holding the epoch's row against those who are about to use it. */
async function naiveDestroy(): Promise<number> {
  const destroyed = await sql<{ id: string }[]>`
    update secret_epochs e set destroyed_at = now() where destroyed_at is null
      and not exists (select from secrets s where s.epoch_id = e.id and s.data_key is not null)
    returning id`
  for (const { id } of destroyed) world.keyring.destroy(id)
  return destroyed.length
}

/** A secret whose transaction takes a while, so that somebody can come in between. */
const makeSlowly = (node: typeof world) =>
  withKeys(node, 3600, () =>
    node.db.sql.begin(async (tx) => {
      const wish = { projectId: project.id, custid: 'test', content: 'x', encryptedBy: 'server', ttl: 3600 } as const
      const made = await makeSecret(tx as unknown as Sql, systemCtx(node, 'test'), wish)
      await tx`select pg_sleep(0.01)`
      return made.secretKey ?? ''
    }),
  )

/** Secrets are made and read at once while epochs are destroyed: how many lost their key, and how many epochs went. */
async function race(destroy: () => Promise<number>, isEnough: (lost: number, destroyed: number) => boolean) {
  let [lost, destroyed, making] = [0, 0, true]
  const maker = async (node: typeof world) => {
    for (let n = 0; n < 25 || (n < 300 && !isEnough(lost, destroyed)); ) {
      // Epochs go without their first minute here: the one that it tried twice to use may both times be gone.
      const key = await makeSlowly(node).catch(() => undefined)
      if (key === undefined) continue
      n++
      if ((await codeOf(readSecret(node, key))) !== 'done') lost++
      // So that at times there is no secret at all, and the epoch goes.
      await sleep(Math.random() * 30)
    }
  }
  const destroyer = async () => {
    for (; making; await sleep(5)) destroyed += await destroy()
  }
  const destroyers = Promise.all([destroyer(), destroyer()])
  await Promise.all([maker(world), maker(other)]).finally(() => {
    making = false
  })
  await destroyers
  return { lost, destroyed }
}

test('no secret is made under a key that is being destroyed; a destroyer that holds nothing loses some (control)', async () => {
  await owner`delete from secrets`
  await owner`alter table secret_epochs alter created_at set default now() - interval '1 hour'`
  await ageEpochs(world)
  const ours = await race(
    async () => (await destroyEpochs(world)) + (await destroyEpochs(other)),
    (_lost, destroyed) => destroyed > 5,
  )
  expect(ours.lost).toBe(0)
  expect(ours.destroyed).toBeGreaterThan(5)
  expect((await race(naiveDestroy, (lost) => lost > 0)).lost).toBeGreaterThan(0)
})
