import { expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { sweepAged } from '../../server/keys/alerts.ts'
import { noteUses } from '../../server/keys/uses.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { mailbox } from '../mailbox.ts'
import { sentAll } from '../mailed.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url })
const { sql } = world.db
const ctx = systemCtx(world, 'test')

/** A project with people of every kind and a key that is settled at home; who of them is to be told. */
async function setting() {
  const project = await makeProject(world, `shop ${Date.now()}`)
  const owner = await makePerson(world, project, 'OWNER')
  const admin = await makePerson(world, project, 'ADMIN')
  await makePerson(world, project, 'MEMBER')
  const gone = await makePerson(world, project, 'ADMIN')
  await sql`update memberships set disabled_at = now() where person_id = ${gone.id}`
  const { id, key } = await makeKey(world, project, 'write', { name: 'ci' })
  await sql`
    insert into key_uses (key_id, at, ip, first_at, uses, networks)
    values (${id}, now(), '192.0.2.1', now() - interval '2 days', 10, '{192.0.2.0/24}')`
  return { project, id, key, told: [owner.email, admin.email].sort() }
}

const comeFrom = (keyId: string, network: string) =>
  sql.begin((tx) =>
    // A transaction's client is a client but for opening connections.
    noteUses(tx as unknown as Sql, ctx, [
      { keyId, count: 1, at: new Date(), ip: '203.0.113.7', userAgent: null, networks: [network] },
    ]),
  )

test('a key that came from a new network is mailed to the admins, each once, and to nobody else', async () => {
  const { project, id, key, told } = await setting()
  const before = box.mails.length
  await comeFrom(id, '203.0.113.0/24')
  await comeFrom(id, '203.0.113.0/24')
  await box.arrived(before + told.length)
  await sentAll(world)
  const mails = box.mails.slice(before)
  expect(mails.flatMap(({ to }) => to).sort()).toEqual(told)
  for (const mail of mails) {
    expect(mail.header('subject')).toBe(`API key ci of ${project.name} needs a look`)
    expect(mail.text).toContain('It was used from 203.')
    expect(mail.text.replaceAll('\u2060', '')).toContain('203.0.113.0/24')
    const link = `${url}/p/${project.id}/keys?open=${id}`
    expect(mail.links).toEqual({ text: [link, url], html: [link, link] })
    expect((await fetch(link)).status).toBe(200)
    expect(mail.raw).not.toContain(key)
  }
})

test('a key that has become old is mailed once, whichever node sweeps', async () => {
  const { id, told } = await setting()
  const before = box.mails.length
  await sql`update api_keys set created_at = now() - interval '91 days' where id = ${id}`
  await Promise.all(Array.from({ length: 4 }, () => sweepAged(ctx)))
  await box.arrived(before + told.length)
  await sentAll(world)
  const mails = box.mails.slice(before)
  expect(mails.flatMap(({ to }) => to).sort()).toEqual(told)
  for (const { text } of mails) expect(text).toContain('It is 91 days old; rotate it.')
})

test('a project that wants no mails gets none, but the alert is on record', async () => {
  const { project, id } = await setting()
  await sql`update projects set alert_mail = false where id = ${project.id}`
  const before = box.offered()
  await comeFrom(id, '198.51.100.0/24')
  await sentAll(world)
  expect(box.offered()).toBe(before)
  expect(await sql`select from events where name = 'key.unusual' and project_id = ${project.id}`).toHaveLength(1)
})
