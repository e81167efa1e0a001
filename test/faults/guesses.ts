import { expect } from 'vitest'
import { makeAsker } from '../make.ts'
import type { fourNodes } from './nodes.ts'
import { opened } from './racing.ts'
import { openRace } from './sockets.ts'

/** Races wrong PINs at so many links over the nodes: at most five may be judged for each, and then it is locked for good. */
export async function raceGuesses(
  { world, urls, ports }: Awaited<ReturnType<typeof fourNodes>>,
  links: number,
  racers: number,
) {
  const { actor } = await makeAsker(world)
  const race = openRace(ports, racers)
  for (let i = 0; i < links; i++) {
    const one = await opened(world, actor, { key_path: `pin/${i}`, pin: '0471' })
    const hits = await race.round((place) =>
      one.shot(urls[place % 4] ?? '', { action: 'approve', pin: String(5000 + place) }),
    )
    expect(hits.filter((hit) => hit.body.includes('WRONG_PIN'))).toHaveLength(4)
    expect(hits.filter((hit) => hit.status === 429 && hit.body.includes('LOCKED'))).toHaveLength(racers - 4)
    const right = await race.round((place) => one.shot(urls[place % 4] ?? '', { action: 'approve', pin: '0471' }))
    expect(right.every((hit) => hit.status === 429 && hit.body.includes('LOCKED'))).toBe(true)
  }
  race.close()
  const judged = await world.db.sql`
    select a.attempts, a.status, count(*) filter (where e.name = 'approval.pin_failed')::int as failed,
      count(*) filter (where e.name = 'approval.locked')::int as locked, count(*) filter (where e.name = 'approval.executed')::int as executed
    from approvals a join events e on e.target = 'approval:' || a.id where a.key_path like 'pin/%' group by a.id`
  expect(judged).toHaveLength(links)
  for (const row of judged) expect(row).toEqual({ attempts: 5, status: 'locked', failed: 5, locked: 1, executed: 0 })
}
