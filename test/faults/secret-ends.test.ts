import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { sweepSecrets } from '../../server/secrets/sweep.ts'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { heldBy, shareSecret, toldOf } from '../secrets.ts'
import { testWorld, worldAt } from '../serve.ts'
import { until } from '../until.ts'

const world = await testWorld()
const nodes = [world, await worldAt(world.address), await worldAt(world.address), await worldAt(world.address)]
const { project, actor } = await makeAsker(world)
const person = await makePerson(world, project)
const { sql } = world.db

const ends = ['secret.received', 'secret.burned', 'secret.expired']

/** Everything that can end one secret, at once, on four nodes. Answers how it ended. */
async function clash(i: number): Promise<string> {
  const one = await shareSecret(world, actor)
  const { id, secret_key, metadata_key } = one
  const node = (place: number) => nodes[(i + place) % 4] ?? world
  const visitor = (place: number) => as(node(place), { type: 'visitor' }).secrets
  await sql`
    update secrets set expires_at = now() + make_interval(secs => ${[0.002, 0.008, 600][i % 3] ?? 0}) where id = ${id}`
  const reads = [
    () => visitor(0).reveal({ secret_key }),
    () => visitor(1).reveal({ secret_key }),
    () => as(node(2), actor).secrets.retrieve({ secret_key }),
  ]
  const burns = [
    () => as(node(1), actor).secrets.burn({ metadata_key }),
    () => visitor(3).burnByReceipt({ metadata_key }),
    () => as(node(2), person.actor).secrets.burnById({ secret_id: id }),
  ]
  const sweep = async () => void (await sweepSecrets(systemCtx(node(3), 'sweeper')))
  const racing = [...reads, ...burns, sweep].map((go, place) => async () => {
    // In another order each time, a little apart.
    await sleep(((i * 7 + place * 5) % 11) / 2)
    return codeOf(go())
  })
  const codes = await Promise.all(racing.map((go) => go()))
  const readers = codes.slice(0, 3)
  const burners = codes.slice(3, 6)
  expect(codes.filter((code) => !['done', 'UNKNOWN_SECRET', 'NOT_FOUND'].includes(code))).toEqual([])

  await sql`update secrets set expires_at = least(expires_at, now()) where id = ${id} and state in ('new', 'viewed')`
  // A sweep passes over what another one, of a race beside this, has in its hands.
  let told: string[] = []
  await until(async () => {
    await sweep()
    told = (await toldOf(world, id)).filter((name) => ends.includes(name))
    return told.length > 0
  })
  expect(told).toHaveLength(1)
  const [row] = await sql<{ state: string }[]>`select state from secrets where id = ${id}`
  expect(told).toEqual([`secret.${row?.state}`])
  expect(await heldBy(world, id)).toEqual([])
  expect(readers.filter((code) => code === 'done')).toHaveLength(row?.state === 'received' ? 1 : 0)
  // Burning again is as good as once; after anything else it is refused.
  expect(burners.filter((code) => code === 'done').length > 0).toBe(row?.state === 'burned')
  return row?.state ?? ''
}

test('reading, burning and expiry at once: one of them ends a secret, and each sometimes does', async () => {
  const seen = new Map<string, number>()
  const all = () => ['received', 'burned', 'expired'].every((state) => (seen.get(state) ?? 0) >= 5)
  for (let i = 0; i < 40 || (!all() && i < 600); i += 4)
    for (const state of await Promise.all([0, 1, 2, 3].map((more) => clash(i + more))))
      seen.set(state, (seen.get(state) ?? 0) + 1)
  expect(all()).toBe(true)
}, 240_000)
