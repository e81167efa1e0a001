import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sweepApprovals } from '../../server/approvals/sweep.ts'
import { systemCtx } from '../../server/context.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const nodes = [world, await worldAt(world.address), await worldAt(world.address), await worldAt(world.address)]
const { actor } = await makeAsker(world)
const { sql } = world.db

const ends = ['approval.executed', 'approval.expired', 'approval.invalidated', 'approval.reported', 'approval.locked']
const statusOf: Record<string, string> = {
  'approval.executed': 'executed',
  'approval.expired': 'expired',
  'approval.invalidated': 'invalidated',
  'approval.reported': 'invalidated',
  'approval.locked': 'locked',
}

/** Shuffled by a fixed seed, so that a failure can be had again. */
function shuffle<Item>(items: Item[], seed: number): Item[] {
  let state = seed * 2_654_435_761
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return items
    .map((item) => [next(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
}

/** Everything that can end one approval, at once, on four nodes; with a number to guess, four guesses are spent already. */
async function clash(i: number) {
  const guessed = i % 2 === 0
  const key_path = `clash/${i}`
  const actions = [
    { key: 'go', value: 'gone' },
    { key: 'stay', value: 'stayed' },
  ]
  const made = await makeApproval(world, actor, { key_path, actions, match_number: guessed })
  const visitors = nodes.map((node) => asVisitor(node))
  const pages = await Promise.all(visitors.map((visitor) => visitor.approvals.open({ token: made.token })))
  const act = (place: number, action: string, match_number?: string) => async () => {
    const [visitor, page] = [visitors[place], pages[place]]
    if (!visitor || !page) throw new Error('There are four nodes.')
    const { csrf_token, action_hash } = page
    return codeOf(visitor.approvals.act({ token: made.token, action, csrf_token, action_hash, match_number }))
  }
  const wrong = String((Number(made.match_number) + 1) % 1000).padStart(3, '0')
  await sql`
    update approvals set attempts = ${guessed ? 3 : 0}, expires_at = now() + make_interval(secs => ${i % 3 === 0 ? 0.004 : 600})
    where id = ${made.approval_id}`
  const racing: (() => Promise<string>)[] = [
    act(0, 'go', made.match_number),
    act(1, 'stay', made.match_number),
    ...(guessed ? [act(2, 'go', wrong), act(3, 'stay', wrong)] : [act(2, 'go'), act(3, 'stay')]),
    () => codeOf(as(nodes[i % 4] ?? world, actor).approvals.invalidate({ approval_id: made.approval_id })),
    () =>
      codeOf(
        visitors[1]?.approvals.report({ token: made.token, csrf_token: pages[1]?.csrf_token ?? '' }) ??
          Promise.resolve(),
      ),
    () => codeOf(sweepApprovals(systemCtx(nodes[2] ?? world, 'sweeper'))),
  ]
  // Apart by up to some milliseconds, so that also what takes several statements comes first at times.
  const codes = await Promise.all(
    shuffle(racing, i).map(async (one, place) => {
      await sleep(place * (i % 5))
      return one()
    }),
  )
  expect(codes).not.toContain('INTERNAL')
  return { ...made, key_path }
}

test('200 approvals that are used, invalidated, reported, locked and expired at once end exactly once, and the value is the winner’s', async () => {
  const seen = new Map<string, number>()
  // Each of them wins sometimes, or they would not race: on a busy machine that may take some more.
  for (let i = 0; i < 200 || (seen.size < ends.length && i < 1000); i++) {
    const { approval_id, key_path } = await clash(i)
    let ended: { name: string; payload: { action?: string } }[] = []
    // Nobody may have come in time: then its time is up, and the sweeper's next round says so.
    while (ended.length === 0) {
      ended = await sql`
        select name, payload from events where target = ${`approval:${approval_id}`} and name = any (${ends})`
      if (ended.length === 0) await sweepApprovals(systemCtx(world, 'sweeper'))
    }
    expect(ended, `approval ${i}`).toHaveLength(1)
    const [{ name, payload } = { name: '', payload: {} }] = ended
    const row = await as(world, actor).approvals.get({ approval_id })
    expect(row.status).toBe(statusOf[name])
    expect(row.reported).toBe(name === 'approval.reported')
    const { items } = await as(world, actor).values.history({ key_path })
    expect(items.map((one) => one.value)).toEqual(
      name === 'approval.executed' ? [payload.action === 'go' ? 'gone' : 'stayed'] : [],
    )
    expect(row.decision?.action).toBe(payload.action)
    seen.set(name, (seen.get(name) ?? 0) + 1)
  }
  expect([...seen.keys()].toSorted()).toEqual(ends.toSorted())
})
