import { expect } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import type { fourNodes } from './nodes.ts'
import { opened } from './racing.ts'
import { openRace } from './sockets.ts'

type Nodes = Awaited<ReturnType<typeof fourNodes>>

const actions = Array.from({ length: 3 }, (_, n) => ({ key: `a${n}`, value: `value ${n}` }))

/** Races the buttons of so many approvals over the nodes, four approvals at a time: one winner, one event, one value each. */
export async function raceClicks({ world, urls, ports }: Nodes, approvals: number, racers: number) {
  const { actor } = await makeAsker(world)
  const won = new Map<number, number>()
  let next = 0
  const lane = async () => {
    const race = openRace(ports, racers)
    for (let i = next++; i < approvals; i = next++) {
      const key_path = `race/${i}`
      const one = await opened(world, actor, { key_path, actions })
      const hits = await race.round((place) => one.shot(urls[place % 4] ?? '', { action: `a${place % 3}` }))
      const place = hits.findIndex((hit) => hit.status === 200)
      expect(hits.filter((hit) => hit.status === 200)).toHaveLength(1)
      expect(hits.filter((hit) => hit.status === 403 && hit.body.includes('APPROVAL_USED'))).toHaveLength(racers - 1)
      const stored = await as(world, actor).values.get({ key_path })
      expect(stored).toMatchObject({ version: 1, value: `value ${place % 3}` })
      won.set(place % 4, (won.get(place % 4) ?? 0) + 1)
    }
    race.close()
  }
  await Promise.all(Array.from({ length: 4 }, lane))
  const [told] = await world.db.sql`
    select count(*)::int as told, count(distinct target)::int as approvals from events where name = 'approval.executed'`
  expect(told).toEqual({ told: approvals, approvals })
  // Each process wins sometimes: they do race.
  expect([...won.keys()].toSorted()).toEqual([0, 1, 2, 3])
}
