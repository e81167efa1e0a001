import { beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { bundle } from '../bundle.ts'
import { ownerOf } from '../owner.ts'
import { raceClicks } from './clicks.ts'
import { fourNaive, fourNodes } from './nodes.ts'
import { openRace } from './sockets.ts'

const racers = 16
const nodes = await fourNodes()
const sql = ownerOf(nodes.world)

let naive = ''
beforeAll(async () => {
  naive = await bundle(`${packageRoot}/test/faults/naive.child.ts`)
})

test(
  '200 approvals, 16 racers each over four processes: one winner, one event and one value each',
  () => raceClicks(nodes, 200, racers),
  240_000,
)

test('a server that reads before it updates lets several win (control)', async () => {
  await sql`create table naive (id text primary key, status text not null default 'pending', attempts int not null default 0)`
  await sql`create table naive_told (id text not null)`
  const race = openRace(await fourNaive(naive, nodes.address), racers)
  let doubled = 0
  for (let i = 0; i < 100; i++) {
    await sql`insert into naive (id) values (${`n${i}`})`
    const hits = await race.round(() => ({ path: `/act/n${i}`, headers: {}, body: '{}' }))
    if (hits.filter((hit) => hit.status === 200).length > 1) doubled++
  }
  race.close()
  expect(doubled).toBeGreaterThan(90)
  const [told] = await sql`select count(*)::int as n from naive_told`
  expect(told?.n).toBeGreaterThan(100)
}, 240_000)
