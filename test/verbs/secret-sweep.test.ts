import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { sweepAsks } from '../../server/asks/sweep.ts'
import { systemCtx } from '../../server/context.ts'
import { newId } from '../../server/lib/id.ts'
import { claimSecret } from '../../server/secrets/claim.ts'
import { sweepSecrets } from '../../server/secrets/sweep.ts'
import type { World } from '../../server/world.ts'
import { makeSecretIn, readSecret } from '../at-rest.ts'
import { makeProject } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { heldBy, toldOf } from '../secrets.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const nodes = [world, await worldAt(world.address), await worldAt(world.address), await worldAt(world.address)]
const { sql } = world.db
const project = await makeProject(world)

/** Sweeps on every node at once until nothing is left; answers how many rows it did. */
async function sweepAll(sweep: (ctx: ReturnType<typeof systemCtx>) => Promise<number>): Promise<number> {
  const one = async (node: World) => {
    let all = 0
    for (let last = 1; last > 0; all += last) last = await sweep(systemCtx(node, 'sweeper'))
    return all
  }
  return (await Promise.all(nodes.map(one))).reduce((all, count) => all + count)
}

const addPart = (id: string) =>
  sql`insert into secret_parts (secret_id, upload, part, bytes) values (${id}, 'upload', 0, ${randomBytes(8)})`
const partsOf = async (id: string) => (await sql`select from secret_parts where secret_id = ${id}`).length

test('four sweepers at once expire each of 300 secrets exactly once, and leave nothing in its row that opens', async () => {
  const secrets = []
  for (let i = 0; i < 300; i++) secrets.push(await makeSecretIn(world, project))
  const [first] = secrets
  await addPart(first?.id ?? '')
  const waiting = await makeSecretIn(world, project)
  await sql`update secrets set expires_at = now() - interval '1 minute' where id <> ${waiting.id}`
  expect(await sweepAll(sweepSecrets)).toBe(300)
  const [row] = await sql`
    select count(*)::int as told, count(distinct target)::int as secrets from events where name = 'secret.expired'`
  expect(row).toEqual({ told: 300, secrets: 300 })
  expect(await heldBy(world, first?.id ?? '')).toEqual([])
  expect(await partsOf(first?.id ?? '')).toBe(0)
  const wrong = await sql`
    select from secrets where id <> ${waiting.id} and (state <> 'expired' or ended_at <> expires_at or updated_at <> expires_at
      or ended_by ->> 'type' <> 'system' or data_key is not null or content is not null)`
  expect(wrong).toHaveLength(0)
  expect(await readSecret(world, waiting.key)).toBe('a secret')
})

test('a secret expires also when its file never came', async () => {
  const { id } = await makeSecretIn(world, project, { content: 'c2VhbGVk', encryptedBy: 'browser', fileBytes: 100 })
  await sql`update secrets set expires_at = now() where id = ${id}`
  await sweepAll(sweepSecrets)
  expect([await heldBy(world, id), await toldOf(world, id)]).toEqual([[], ['secret.created', 'secret.expired']])
})

test('what a claim left for a repetition goes after its minute, and the file after its ten', async () => {
  const { id, key } = await makeSecretIn(world, project)
  const ctx = systemCtx(world, 'reader')
  await claimSecret(ctx, key, { replay: 'the same request' })
  await sql`update secrets set ticket_until = now() + interval '1 hour', ticket_key = replay_key, ticket_digest = 'x' where id = ${id}`
  await addPart(id)
  await sweepAll(sweepSecrets)
  expect((await claimSecret(ctx, key, { replay: 'the same request' })).content.toString()).toBe('a secret')

  await sql`update secrets set replay_until = now() where id = ${id}`
  await sweepAll(sweepSecrets)
  expect([await heldBy(world, id), await partsOf(id)]).toEqual([['ticket_key'], 1])
  expect(await codeOf(claimSecret(ctx, key, { replay: 'the same request' }))).toBe('UNKNOWN_SECRET')

  await sql`update secrets set ticket_until = now() where id = ${id}`
  await sweepAll(sweepSecrets)
  expect([await heldBy(world, id), await partsOf(id)]).toEqual([[], 0])
  expect(await sql`select state from secrets where id = ${id}`).toEqual([{ state: 'received' }])
})

test('a row goes at twice its time to live, never before it was told how it ended', async () => {
  const [ended, late, young] = [
    await makeSecretIn(world, project),
    await makeSecretIn(world, project),
    await makeSecretIn(world, project),
  ]
  await readSecret(world, ended.key)
  await readSecret(world, young.key)
  await sql`update secrets set gone_at = now() where id = ${ended.id}`
  // Nobody swept for as long as it lived twice.
  await sql`update secrets set expires_at = now() - interval '1 hour', gone_at = now() where id = ${late.id}`
  await sweepAll(sweepSecrets)
  const left = await sql<{ id: string }[]>`select id from secrets where id in (${ended.id}, ${late.id}, ${young.id})`
  expect(left.map(({ id }) => id)).toEqual([young.id])
  expect(await toldOf(world, late.id)).toEqual(['secret.created', 'secret.expired'])
})

test('four sweepers at once expire each of 150 asks exactly once, and no other', async () => {
  const bytes = () => randomBytes(32)
  const by = sql.json({ type: 'system', id: null, name: 'test' })
  const add = (status: string, expires: number) => sql`
    insert into asks (id, project_id, token_digest, answer_digest, public_key, status, title, key_version, custid, created_by,
      expires_at, answer_ttl)
    values (${newId()}, ${project.id}, ${bytes()}, ${bytes()}, ${bytes()}, ${status}, 'a password', 1, 'test', ${by},
      now() + make_interval(secs => ${expires}), 3600)`
  for (let i = 0; i < 150; i++) await add('open', -5)
  await add('open', 60)
  await add('answered', -5)
  expect(await sweepAll(sweepAsks)).toBe(150)
  expect(await sql`select status, count(*)::int as asks from asks group by 1 order by 1`).toEqual([
    { status: 'answered', asks: 1 },
    { status: 'expired', asks: 150 },
    { status: 'open', asks: 1 },
  ])
  const [row] = await sql`
    select count(*)::int as told, count(distinct target)::int as asks from events where name = 'ask.expired'`
  expect(row).toEqual({ told: 150, asks: 150 })
})
