import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { askApproved, askRelease, decide, readRelease } from '../releases.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project, 'MEMBER')
const mine = as(world, ana.actor).kept
const keys = as(world, actor).kept
const text = 'correct horse battery staple'
let count = 0
const stored = (more: { name?: string } = {}) => mine.create({ name: `database ${count++}`, secret: text, ...more })

describe('a release-only secret', () => {
  test('is stored by people and by keys, and shown to nobody: not by its reply, its list, its row or its events', async () => {
    const made = [
      await stored({ name: '  Production database ' }),
      await keys.create({ name: 'By a key', secret: text }),
    ]
    expect(made.map(({ name }) => name)).toEqual(['Production database', 'By a key'])
    const { items } = await mine.list({})
    expect(items).toEqual(expect.arrayContaining(made))
    const kept = await sql`select t::text as line from kept_secrets t union all select e::text from events e`
    const words = JSON.stringify([made, items, kept])
    expect(words).not.toContain(text)
    expect(words).not.toContain(Buffer.from(text).toString('hex'))
  })
  test('has a name that no other one of its project has, and takes 10 000 bytes', async () => {
    const { name, kept_id } = await stored()
    expect(await codeOf(mine.create({ name, secret: 'x' }))).toBe('NAME_TAKEN')
    const other = await stored()
    expect(await codeOf(mine.update({ kept_id: other.kept_id, name }))).toBe('NAME_TAKEN')
    expect(await mine.update({ kept_id, name })).toMatchObject({ name })
    const elsewhere = await makeProject(world)
    const bo = await makePerson(world, elsewhere, 'MEMBER')
    expect(await as(world, bo.actor).kept.create({ name, secret: 'x' })).toMatchObject({ name })
    await mine.create({ name: 'long', secret: 'é'.repeat(5000) })
    for (const secret of ['', 'é'.repeat(5001), 'a\0b', '\ud800'])
      expect(await codeOf(mine.create({ name: 'refused', secret }))).toBe('INVALID_INPUT')
    for (const bad of ['', '  ', 'two\nlines', 'x'.repeat(201)])
      expect(await codeOf(mine.create({ name: bad, secret: 'x' }))).toBe('INVALID_INPUT')
  })
  test('is renamed by people only, since its name is what approvers go by; a key may replace the text', async () => {
    const { kept_id, name } = await stored()
    expect(await codeOf(keys.update({ kept_id, name: 'harmless' }))).toBe('ONLY_PEOPLE')
    expect(await keys.update({ kept_id, name, secret: 'newer' })).toMatchObject({ name })
    expect(await mine.update({ kept_id, name: 'renamed' })).toMatchObject({ name: 'renamed' })
    const asked = await askApproved(world, actor, ana.actor, { secret: kept_id })
    expect(await readRelease(world, actor, asked)).toMatchObject({ kind: 'secret', secret: 'newer' })
    const told = await sql`
      select payload -> 'fields' as fields from events where name = 'kept.changed' and target = ${`secret:${kept_id}`} order by seq`
    expect(told.map(({ fields }) => fields)).toEqual([['secret'], ['name']])
  })
  test('is gone for good when it is deleted, and the approval that would release it says so', async () => {
    const { kept_id } = await stored()
    const waiting = await askRelease(world, actor, { secret: kept_id })
    await keys.delete({ kept_id })
    expect((await as(world, ana.actor).approvals.get({ approval_id: waiting.approval_id })).release).toMatchObject({
      id: kept_id,
      name: null,
    })
    await decide(world, ana.actor, waiting)
    const release = readRelease(world, actor, waiting)
    await expect(release).rejects.toMatchObject({ message: expect.stringMatching(/is gone/) })
    expect(await codeOf(readRelease(world, actor, waiting))).toBe('NOT_FOUND')
    expect(await codeOf(keys.delete({ kept_id }))).toBe('NOT_FOUND')
    expect(await codeOf(mine.update({ kept_id, secret: 'x' }))).toBe('NOT_FOUND')
    expect(await codeOf(askRelease(world, actor, { secret: kept_id }))).toBe('NOT_FOUND')
  })
  test('is stored once under an Idempotency-Key, whose stored reply and digest hold nothing of the text', async () => {
    const body = { name: 'once', secret: 'hunter2' }
    const once = { idempotency: { key: 'the same', credential: 'a key text', body } }
    const first = await as(world, actor, once).kept.create(body)
    expect(await as(world, actor, once).kept.create(body)).toEqual(first)
    const rows = await sql`select i::text as line from idempotency i`
    expect(JSON.stringify(rows)).not.toContain('hunter2')
  })
  test('of a test key lies in the twin: no live key lists or asks for it', async () => {
    const trying = await makeKey(world, project, 'write', { env: 'test' })
    const { kept_id } = await as(world, trying.actor).kept.create({ name: 'tried', secret: text })
    const { items } = await keys.list({})
    expect(items.map((one) => one.kept_id)).not.toContain(kept_id)
    expect(await codeOf(askRelease(world, actor, { secret: kept_id }))).toBe('NOT_FOUND')
    expect(await askRelease(world, trying.actor, { secret: kept_id })).toMatchObject({ status: 'pending' })
  })
  test('is one of at most 500 in a project, counted also for who race for the last place', async () => {
    const full = await makeAsker(world)
    await sql`
      insert into kept_secrets (id, project_id, name, sealed, generation, created_by)
      select lpad(n::text, 26, '0'), ${full.project.id}, 'n' || n, 'x', (select max(generation) from instance_keys), ${sql.json({ type: 'system', id: null, name: 'test' })}
      from generate_series(1, 499) n`
    const race = Array.from({ length: 6 }, (_, n) =>
      codeOf(as(world, full.actor).kept.create({ name: `racer ${n}`, secret: 'x' })),
    )
    const codes = await Promise.all(race)
    expect(codes.filter((code) => code === 'TOO_MANY_SECRETS')).toHaveLength(5)
  })
})
