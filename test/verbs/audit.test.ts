import { expect, test } from 'vitest'
import { signerOf } from '../../server/audit/chain.ts'
import { proveNow } from '../../server/audit/proof.ts'
import { systemCtx } from '../../server/context.ts'
import { record } from '../../server/events/event.ts'
import { atomically } from '../../server/lib/transaction.ts'
import type { Streamed } from '../../server/verb.ts'
import { auditRow } from '../../shared/contract/audit.ts'
import { as } from '../as.ts'
import { sealAll, writeEntries } from '../audit.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const owner = ownerOf(world)
const { project, actor: asker } = await makeAsker(world)
const { actor } = await makeKey(world, project, 'admin')
const { actor: ana } = await makePerson(world, project, 'OWNER')
const audit = as(world, actor).audit

async function textOf(input: Parameters<typeof audit.export>[0], by = as(world, ana).audit): Promise<string> {
  const { chunks } = (await by.export(input)) as Streamed
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

test('entries come newest first, page by page, each once, with the number of their seal', async () => {
  await sealAll(world)
  const { approval_id } = await makeApproval(world, asker)
  await writeEntries(world, project.id, 25)
  const items = []
  let cursor: string | undefined
  do {
    const page = await audit.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  const rows = await world.db.sql`select id from events where project_id = ${project.id} order by tick desc, seq desc`
  expect(items.map((item) => item.id)).toEqual(rows.map((row) => row.id))
  expect(items[0]).toMatchObject({ seal: null, action: 'value.set', ip: '203.0.113.7', actor: { type: 'system' } })
  expect(items.find((item) => item.target === `approval:${approval_id}`)).toMatchObject({
    action: 'approval.created',
    actor: { type: 'key', id: asker.id },
  })
  expect(items.at(-1)).toMatchObject({ seal: 1, action: 'project.created', ip: null })
  await sealAll(world)
  // Transactions of other tests of the cluster can split what one seal would have held.
  const [newest] = await world.db.sql`select max(number)::int as number from seals where project_id = ${project.id}`
  expect((await audit.list({ limit: 1 })).items[0]?.seal).toBe(newest?.number)
  expect(newest?.number).toBeGreaterThan(1)
  expect(await codeOf(audit.list({ cursor: 'AAAA' }))).toBe('INVALID_INPUT')
})

test('filters narrow by actor, action, family, target, kind and time', async () => {
  const ids = async (input: Parameters<typeof audit.list>[0]) => (await audit.list({ limit: 100, ...input })).items
  for (const who of [asker.id, `key:${asker.id}`, asker.name.toUpperCase()])
    expect((await ids({ actor: who })).map((item) => item.action)).toEqual(['approval.created'])
  expect(await ids({ actor: 'nobody' })).toEqual([])
  expect(new Set((await ids({ action: 'key.*' })).map((item) => item.action))).toEqual(new Set(['key.created']))
  expect(await ids({ action: 'key' })).toEqual([])
  expect(await ids({ action: 'value.set', target: 'value:path/_' })).toEqual([])
  expect((await ids({ target: 'project:' })).map((item) => item.action)).toEqual(['project.created'])
  expect((await ids({ target: `project:${project.id}` })).length).toBe(1)
  const [middle] = (await ids({})).slice(10)
  const at = middle?.at ?? ''
  for (const item of await ids({ since: at })) expect(item.at >= at).toBe(true)
  for (const item of await ids({ until: at })) expect(item.at < at).toBe(true)
  expect((await ids({ since: at })).length + (await ids({ until: at })).length).toBe((await ids({})).length)
})

test('a key that is limited to paths sees the entries about these and no others', async () => {
  const { actor: limited } = await makeKey(world, project, 'admin', { keyPaths: ['path/3', 'deploy'] })
  const { items } = await as(world, limited).audit.list({ limit: 100 })
  expect(new Set(items.map((item) => item.context.key_path))).toEqual(new Set(['path/3', 'deploy/prod']))
})

test('the head is signed by the instance over what it says, and empty before the first seal', async () => {
  const { actor: fresh } = await makeAsker(world).then(({ project }) => makeKey(world, project, 'admin'))
  const signer = signerOf(world.keys.signing)
  expect(await as(world, fresh).audit.head({})).toEqual({
    ...{ project_id: fresh.projectId, number: 0, total: 0, head: null, at: null, signature: null },
    public_key: signer.publicKey,
  })
  await sealAll(world)
  const head = await audit.head({})
  expect(head).toMatchObject({ project_id: project.id, head: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const { at, head: hash, signature } = head
  if (at === null || hash === null || signature === null) throw new Error('Nothing is sealed.')
  expect(signer.holds({ ...head, at, head: hash, signature })).toBe(true)
  expect(signer.holds({ ...head, at, head: hash, signature, total: head.total + 1 })).toBe(false)
})

test('the proof counts what is sealed and what is not, and says what was tampered with', async () => {
  await sealAll(world)
  await writeEntries(world, project.id, 2)
  const before = await as(world, ana).audit.verify({})
  expect(before).toMatchObject({ verdict: 'intact', unsealed: 2, dropped: 0, faults: [] })
  const [row] = await world.db
    .sql`select id, seq from events where project_id = ${project.id} order by seq desc limit 1`
  await owner.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update events set target = 'value:forged' where seq = ${row?.seq}`
  })
  expect(await as(world, ana).audit.verify({})).toMatchObject({
    verdict: 'tampered',
    faults: [{ seal: null, sentence: `Entry ${row?.id} is not what the service wrote.` }],
  })
  await owner.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update events set target = ${`value:path/${26}`} where seq = ${row?.seq}`
  })
  expect((await as(world, ana).audit.verify({})).verdict).toBe('intact')
})

test('an export holds every entry there was when it was asked for, oldest first, and is told of before', async () => {
  // More than a page, of one transaction and of many.
  await writeEntries(world, project.id, 20)
  await atomically(world.db.sql, (tx) => writeEntries({ ...world, db: { ...world.db, sql: tx } }, project.id, 2080))
  const rows = await world.db.sql`select id from events where project_id = ${project.id} order by tick, seq`
  const lines = (await textOf({})).trimEnd().split('\n')
  const entries = lines.map((line) => auditRow.parse(JSON.parse(line)))
  expect(entries.map((entry) => entry.id)).toEqual(rows.map((row) => row.id))
  const [told] = (await audit.list({ limit: 1 })).items
  expect(told).toMatchObject({
    action: 'audit.exported',
    actor: { type: 'person', id: ana.id },
    context: { format: 'ndjson', rows: rows.length },
  })
})

test('an export as CSV runs nothing in a spreadsheet', async () => {
  const texts = ['=HYPERLINK("x")', '+1', '-1', '@SUM(1)', '\t=1', ' =1', '\r=1', 'a,"b"\nc', '＝1']
  for (const userAgent of texts)
    await record(
      world.db.sql,
      { ...systemCtx(world, 'test'), userAgent },
      { name: 'value.set', projectId: project.id, target: 'value:csv', payload: { key_path: 'csv', version: 1 } },
    )
  const text = await textOf({ format: 'csv', target: 'value:csv' })
  const [header, ...lines] = text.split(/\r\n(?=[0-9A-Z]{26},|$)/)
  expect(header).toBe('id,at,action,actor_type,actor_id,actor_name,target,context,ip,user_agent,request_id,seal')
  const agents = lines.filter(Boolean).map((line) => /""csv""\}",,(.*),test,\d*$/s.exec(line)?.[1])
  expect(agents).toEqual([
    `"'=HYPERLINK(""x"")"`,
    ...[`"'+1"`, `"'-1"`, `"'@SUM(1)"`, `"'\t=1"`, `"' =1"`, `"'\r=1"`, `"a,""b""\nc"`, `"'＝1"`],
  ])
})

test('database and service hash the same text, whatever a row holds', async () => {
  const controls = Array.from({ length: 31 }, (_, n) => String.fromCodePoint(n + 1)).join('')
  const texts = [
    controls,
    '\u007f\u0080\u2028\u2029\ufeff',
    '"\\/\'',
    '\\u0041\\n',
    '😀 ä 漢 \u{10ffff}',
    '',
    ' ',
    'null',
  ]
  const { id } = await makeProject(world)
  for (const userAgent of [null, ...texts])
    await record(
      world.db.sql,
      { ...systemCtx(world, 'test'), userAgent, ip: userAgent ?? '' },
      {
        name: 'key.created',
        projectId: id,
        target: 'key:x',
        payload: { key_id: id, name: userAgent ?? '', scopes: texts },
      },
    )
  expect(await proveNow(world.db.sql, world.keys, id, [])).toMatchObject({
    verdict: 'intact',
    unsealed: 10,
    faults: [],
  })
})
