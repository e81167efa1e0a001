import { beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { bundle } from '../bundle.ts'
import { ownerOf } from '../owner.ts'
import { often } from '../thorough.ts'
import { raceGuesses } from './guesses.ts'
import { fourNaive, fourNodes } from './nodes.ts'
import { openRace } from './sockets.ts'

const nodes = await fourNodes()
const sql = ownerOf(nodes.world)

let naive = ''
beforeAll(async () => {
  naive = await bundle(`${packageRoot}/test/faults/naive.child.ts`)
})

const links = often(50, 200)

test(
  `${links} links, 50 racing guesses each over four processes: five are judged, then it is locked for the right PIN too`,
  () => raceGuesses(nodes, links, 50),
  240_000,
)

test('a server that counts after it verified judges more than five (control)', async () => {
  await sql`create table naive (id text primary key, status text not null default 'pending', attempts int not null default 0)`
  await sql`create table naive_told (id text not null)`
  const race = openRace(await fourNaive(naive, nodes.address), 50)
  for (let i = 0; i < 3; i++) {
    await sql`insert into naive (id) values (${`n${i}`})`
    await race.round(() => ({ path: `/guess/n${i}`, headers: {}, body: '9999' }))
    const [judged] = await sql`select count(*)::int as n from naive_told where id = ${`n${i}`}`
    expect(judged?.n).toBeGreaterThan(5)
  }
  race.close()
}, 240_000)
