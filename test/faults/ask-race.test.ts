import { beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { as } from '../as.ts'
import { bundle } from '../bundle.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { often } from '../thorough.ts'
import { fourNaive, fourNodes } from './nodes.ts'
import { openRace } from './sockets.ts'

const racers = 16
const nodes = await fourNodes()
const { world } = nodes
const sql = ownerOf(world)
const asks = often(30, 200)

let naive = ''
beforeAll(async () => {
  naive = await bundle(`${packageRoot}/test/faults/naive.child.ts`)
})

test(`${asks} asks, 16 answers each at once over four processes: one is taken, and that one is read`, async () => {
  const { actor, key } = await makeAsker(world)
  const ask = asker(nodes.urls[0] ?? '')
  const caller = as(world, actor)
  const race = openRace(nodes.ports, racers)
  const won = new Set<number>()
  for (let i = 0; i < asks || won.size < 4; i++) {
    const { ask_id, url, answer_key } = await caller.asks.create({ title: `race ${i}` })
    const hits = await race.round((place) => ({
      path: `/v1/link/asks/${url.slice(-26)}/answer`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: `answer ${place}` }),
    }))
    const place = hits.findIndex((hit) => hit.status === 200)
    expect(hits.filter((hit) => hit.status === 200)).toHaveLength(1)
    expect(hits.filter((hit) => hit.status === 409 && hit.body.includes('ASK_ENDED'))).toHaveLength(racers - 1)
    const { body } = await ask('POST', `/v1/secret/${answer_key}`, { key })
    expect(body.value).toBe(`answer ${place}`)
    const told = await sql`select name from events where target = ${`ask:${ask_id}`} order by seq`
    expect(told.map(({ name }) => name)).toEqual(['ask.created', 'ask.answered'])
    won.add(place % 4)
  }
  race.close()
  // What lost has left no secret behind.
  const [kept] =
    await sql`select (select count(*) from asks)::int as asks, (select count(*) from secrets)::int as secrets`
  expect(kept?.secrets).toBe(kept?.asks)
}, 240_000)

test('a server that reads before it takes an answer takes several (control)', async () => {
  await sql`create table naive (id text primary key, status text not null default 'pending', attempts int not null default 0)`
  await sql`create table naive_told (id text not null)`
  const race = openRace(await fourNaive(naive, nodes.address), racers)
  let doubled = 0
  for (let i = 0; i < 20; i++) {
    await sql`insert into naive (id) values (${`n${i}`})`
    const hits = await race.round(() => ({ path: `/act/n${i}`, headers: {}, body: '{}' }))
    if (hits.filter((hit) => hit.status === 200).length > 1) doubled++
  }
  race.close()
  expect(doubled).toBeGreaterThan(10)
}, 240_000)
