import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { bundle } from '../bundle.ts'
import { makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { shareSecret, toldOf } from '../secrets.ts'
import { often } from '../thorough.ts'
import { fourNaive, fourNodes } from './nodes.ts'
import { openRace } from './sockets.ts'

const racers = 16
const nodes = await fourNodes()
const { world } = nodes
const sql = ownerOf(world)
const { actor, key } = await makeAsker(world)

let naive = ''
beforeAll(async () => {
  naive = await bundle(`${packageRoot}/test/faults/naive.child.ts`)
})

const json = { 'content-type': 'application/json' }
const canary = () => `canary ${randomBytes(12).toString('hex')}`

/** So many, on four lanes at a time, each with connections of its own to all four processes. */
async function onLanes(count: number, work: (race: ReturnType<typeof openRace>, i: number) => Promise<void>) {
  let next = 0
  const lane = async () => {
    const race = openRace(nodes.ports, racers)
    for (let i = next++; i < count; i = next++) await work(race, i)
    race.close()
  }
  await Promise.all(Array.from({ length: 4 }, lane))
}

const secrets = often(100, 500)

test(`${secrets} secrets, ${racers} readers each over four processes: one has it, and it is told once`, async () => {
  const won = new Set<number>()
  await onLanes(secrets, async (race, i) => {
    const secret = canary()
    const passphrase = i % 25 === 0 ? { passphrase: 'open sesame' } : {}
    const { id, secret_key } = await shareSecret(world, actor, { secret, ...passphrase })
    // Half of them by the link, half with a key: two doors to one claim.
    const hits = await race.round((place) => ({
      path: place % 8 < 4 ? `/v1/link/secrets/${secret_key}/reveal` : `/v1/secret/${secret_key}`,
      headers: place % 8 < 4 ? json : { ...json, authorization: `Bearer ${key}` },
      body: JSON.stringify(passphrase),
    }))
    expect(hits.filter((hit) => hit.status === 200)).toHaveLength(1)
    expect(hits.filter((hit) => hit.body.includes(secret))).toHaveLength(1)
    expect(hits.filter((hit) => hit.status === 404 && hit.body.includes('UNKNOWN_SECRET'))).toHaveLength(racers - 1)
    expect(await toldOf(world, id)).toEqual(['secret.created', 'secret.received', 'secret.contested'])
    won.add(hits.findIndex((hit) => hit.status === 200))
  })
  // Each process wins sometimes, and each door: they do race.
  expect(new Set([...won].map((place) => place % 4)).size).toBe(4)
  expect(new Set([...won].map((place) => place % 8 < 4)).size).toBe(2)
}, 600_000)

test('a server that reads before it deletes shows it to several (control)', async () => {
  await sql`create table naive_secret (id text primary key, told text not null)`
  const race = openRace(await fourNaive(naive, nodes.address), racers)
  let doubled = 0
  for (let i = 0; i < 100; i++) {
    const told = canary()
    await sql`insert into naive_secret (id, told) values (${`n${i}`}, ${told})`
    const hits = await race.round(() => ({ path: `/read/n${i}`, headers: {}, body: '{}' }))
    if (hits.filter((hit) => hit.body.includes(told)).length > 1) doubled++
  }
  race.close()
  expect(doubled).toBeGreaterThan(90)
}, 240_000)
