import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { serverRole } from '../../drizzle/migrate.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { sealAll, writeEntries } from '../audit.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const owner = ownerOf(world)
const { sql } = world.db
const project = await makeProject(world)
await writeEntries(world, project.id, 5)
await sealAll(world)

const stateOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => String(error.code),
  )

const attacks: Record<string, (sql: Sql) => Promise<unknown>> = {
  'UPDATE events': (on) => on`update events set target = 'key:x'`,
  'DELETE events': (on) => on`delete from events`,
  'TRUNCATE events': (on) => on`truncate events`,
  'UPDATE seals': (on) => on`update seals set rows = 0`,
  'DELETE seals': (on) => on`delete from seals`,
  'TRUNCATE seals': (on) => on`truncate seals`,
  'drop_audit without retention': (on) => on`select drop_audit(${project.id}, 1)`,
  'a kept project made a throwaway one': (on) => on`update projects set purge_at = now() where id = ${project.id}`,
}
const counts = async () =>
  (await owner`select (select count(*)::int from events), (select count(*)::int from seals) as s`)[0]

describe.each(Object.entries(attacks))('%s', (_, attack) => {
  test('is refused with 42501 on the server’s connections', async () => {
    const before = await counts()
    expect(world.role).toBe('countersign_server')
    expect(await stateOf(attack(sql))).toBe('42501')
    expect(await counts()).toEqual(before)
  })

  test('is refused by a trigger to the owner of the tables too', async () => {
    const before = await counts()
    expect(await stateOf(attack(owner))).toBe('42501')
    expect(await counts()).toEqual(before)
  })
})

test('both pools work under the role', async () => {
  const [one] = await world.db.orm.execute<{ name: string }>('select current_user as name')
  const [other] = await sql`select current_user as name`
  expect([one?.name, other?.name]).toEqual(['countersign_server', 'countersign_server'])
})

test('the server’s role can neither turn triggers off nor own anything', async () => {
  expect(await stateOf(sql`alter table events disable trigger all`)).toBe('42501')
  expect(await stateOf(sql`set session_replication_role = replica`)).toBe('42501')
  expect(await stateOf(sql`create table mine ()`)).toBe('42501')
  expect(await stateOf(sql`drop table events`)).toBe('42501')
})

test('the setting that lets the database’s own functions delete is no use to the server', async () => {
  const work = sql.begin(async (tx) => {
    await tx`set local countersign.dropping = 'on'`
    await tx`delete from events`
  })
  expect(await stateOf(work)).toBe('42501')
})

test('an entry without a key of its own is not taken', async () => {
  for (const mac of [Buffer.alloc(0), Buffer.alloc(31)])
    expect(
      await stateOf(sql`
        insert into events (id, project_id, name, actor, target, payload, mac)
        values ('x', ${project.id}, 'value.set', '{}', 'value:x', '{}', ${mac})`),
    ).toBe('23514')
})

describe('a user that may not make roles', () => {
  const user = `countersign_plain_${randomBytes(4).toString('hex')}`
  afterAll(async () => {
    await owner.unsafe(`drop owned by ${user}; drop role ${user}`)
  })

  test('gets no role, and triggers refuse all the same', async () => {
    await owner.unsafe(
      `create role ${user}; grant select, insert, update, delete, truncate on events, seals to ${user}`,
    )
    await owner.begin(async (tx) => {
      await tx.unsafe(`set local role ${user}`)
      expect(await serverRole(tx as unknown as Sql)).toBeUndefined() // only savepoints and new connections differ
    })
    for (const statement of ['update events set ip = null', 'delete from events', 'truncate events'])
      expect(
        await stateOf(
          owner.begin(async (tx) => {
            await tx.unsafe(`set local role ${user}`)
            await tx.unsafe(statement)
          }),
        ),
      ).toBe('42501')
  })
})
