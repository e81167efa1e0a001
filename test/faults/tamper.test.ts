import { beforeAll, describe, expect, test } from 'vitest'
import type { Head } from '../../server/audit/chain.ts'
import { signerOf } from '../../server/audit/chain.ts'
import { type Proof, prove } from '../../server/audit/proof.ts'
import { headOf, newestSeal } from '../../server/audit/rows.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { sealAll, tampering, writeEntries } from '../audit.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const owner = ownerOf(world)
const { sql } = world.db

/** 200 sealed entries in seals of 1 to 20, and their head as somebody kept it. */
const positions = 200
let project: string
let kept: Head[]
let seqs: number[]

beforeAll(async () => {
  project = (await makeProject(world)).id
  await sealAll(world)
  for (let written = 0, size = 1; written < positions; size = (size % 20) + 1) {
    const count = Math.min(size, positions - written)
    await writeEntries(world, project, count)
    await sealAll(world)
    written += count
  }
  const seal = await newestSeal(sql, project)
  if (!seal) throw new Error('Nothing was sealed.')
  kept = [headOf(seal, signerOf(world.keys.signing))]
  const rows = await sql<{ seq: number }[]>`
    select seq::int as seq from events where project_id = ${project} and name = 'value.set' order by tick, seq`
  seqs = rows.map((row) => row.seq)
  expect(seqs).toHaveLength(positions)
})

const at = (n: number): number => seqs[(n + positions) % positions] ?? 0

/** What the columns of one row become by what those of another are, and the other way round. */
const swap = (tx: Sql, columns: string, a: number, b: number) => {
  const names = columns.split(', ')
  return tx.unsafe(
    `update events e set ${names.map((name) => `${name} = other.${name}`).join(', ')}
     from events other where e.seq in ($1, $2) and other.seq = $1::bigint + $2::bigint - e.seq`,
    [a, b],
  )
}

/** One edit of each column in turn. */
const edits = [
  'payload = payload || \'{"version": 7777}\'',
  'actor = \'{"type": "system", "id": null, "name": "somebody else"}\'',
  "target = 'value:elsewhere'",
  "name = 'value.deleted'",
  "at = at + interval '1 ms'",
  "ip = '198.51.100.1'",
  'user_agent = null',
  "request_id = 'another'",
  "id = overlay(id placing '0' from 1 for 2)",
  'mac = sha256(mac)',
]

const tampers: Record<string, (tx: Sql, n: number) => Promise<unknown>> = {
  'edit of an entry': (tx, n) => tx.unsafe(`update events set ${edits[n % edits.length]} where seq = $1`, [at(n)]),
  'deletion in the middle': (tx, n) => tx`delete from events where seq = ${at(n)} and seq <> ${at(-1)}
    or seq = ${at(0)} and ${at(n)} = ${at(-1)}`,
  'deletion of the tail, with its seals': async (tx, n) => {
    await tx`delete from events where project_id = ${project} and seq >= ${at(n)}`
    await tx`
      delete from seals s where project_id = ${project} and rows <> (
        select count(*) from events e where e.project_id = s.project_id and tick >= from_tick and tick < to_tick)`
  },
  'two entries in another order': async (tx, n) => {
    // Unique numbers are moved out of the way first.
    const [a, b] = [at(n), at(n + 1)]
    await tx`update events set seq = -seq where seq in (${a}, ${b})`
    await tx`
      update events e set seq = ${a}::bigint + ${b}::bigint + e.seq, tick = other.tick from events other
      where e.seq in (${-a}, ${-b}) and other.seq = ${-a}::bigint - ${b}::bigint - e.seq`
  },
  'insertion of an entry': (tx, n) => tx`
    insert into events (seq, id, project_id, name, actor, target, payload, request_id, ip, user_agent, at, tick, mac)
    select nextval('events_seq_seq'), overlay(id placing '00' from 1 for 2), project_id, name, actor, target, payload,
      request_id, ip, user_agent, at, tick, mac from events where seq = ${at(n)}`,
  'swap of two bodies': (tx, n) => swap(tx, 'payload, target', at(n), at(n + 1)),
}

const look = (heads: readonly Head[]) => (tx: Sql) => prove(tx, world.keys, project, heads)

describe('a chain', () => {
  test('that nobody touched is intact, with the head that was kept (control)', async () => {
    const proof = await tampering(owner, async () => undefined, look(kept))
    expect(proof).toMatchObject({ verdict: 'intact', faults: [], sealed: positions + 1, unsealed: 0 })
  })

  test.each(Object.keys(tampers))('%s is found at 200 of 200 positions', async (kind) => {
    const missed: number[] = []
    const proofs: Proof[] = []
    for (let n = 0; n < positions; n++) {
      const proof = await tampering(owner, (tx) => tampers[kind]?.(tx, n) ?? Promise.reject(), look(kept))
      if (proof.verdict !== 'tampered' || proof.faults.length === 0) missed.push(n)
      proofs.push(proof)
    }
    expect(missed).toEqual([])
    const faults = proofs.map((proof) => proof.faults)
    for (const { sentence } of faults.flat()) expect(sentence).toMatch(/^[A-Z].*\.$/)
    // What is changed in the middle is told with its seal; a missing end has none.
    if (!kind.includes('tail')) expect(faults.filter((all) => !all.some(({ seal }) => seal !== null))).toEqual([])
  })

  test('whose tail was deleted with its seals passes without a head that was kept elsewhere (control)', async () => {
    // Cut where a seal ends: what is left is a whole chain.
    const [end] = await sql<{ seq: number }[]>`
      select min(e.seq)::int as seq from events e, seals s
      where e.project_id = ${project} and s.project_id = e.project_id and s.number = 10 and e.tick >= s.from_tick`
    const n = seqs.indexOf(end?.seq ?? 0)
    expect(n).toBeGreaterThan(0)
    const cut = (tx: Sql) => tampers['deletion of the tail, with its seals']?.(tx, n) ?? Promise.reject()
    expect(await tampering(owner, cut, look([]))).toMatchObject({ verdict: 'intact', seals: 9 })
    expect(await tampering(owner, cut, look(kept))).toMatchObject({
      verdict: 'tampered',
      faults: [{ seal: null, sentence: expect.stringContaining('its end was deleted') }],
    })
  })
})
