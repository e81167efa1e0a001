import { expect, test } from 'vitest'
import { askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { mailbox } from '../mailbox.ts'
import { mailsOf } from '../mailed.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const box = await mailbox()
const { world, url } = await serve({ SMTP_URL: box.url, MAIL_FROM: 'Countersign <sign@example.com>' })
const { sql } = world.db
const mails = mailsOf(box, world)
const minuteAgo = () => sql`update permissions set mailed_at = now() - interval '61 seconds'`

/** A project with people of all kinds, and an agent. */
async function place() {
  const project = await makeProject(world)
  const { agent, actor } = await makeAgent(world, project)
  const people = {
    owner: await makePerson(world, project, 'OWNER'),
    admin: await makePerson(world, project, 'ADMIN'),
    member: await makePerson(world, project, 'MEMBER'),
    viewer: await makePerson(world, project, 'VIEWER'),
    gone: await makePerson(world, project, 'MEMBER'),
    byAgent: await makePerson(world, project, 'MEMBER'),
  }
  await makePerson(world, await makeProject(world), 'OWNER')
  await sql`update memberships set disabled_at = now() where person_id = ${people.gone.id}`
  await sql`update memberships set invited_by_key = ${agent.id} where person_id = ${people.byAgent.id}`
  return { project, agent, actor, people }
}

test('a request is mailed to those who may decide it, and to nobody else, with an address that asks for sign-in', async () => {
  const { project, actor, people } = await place()
  let id = ''
  const got = await mails(async () => {
    id = (await askPermission(world, actor, { context: { reason: 'A refund.' } })).id
  }, 3)
  const may = [people.owner, people.admin, people.member].map(({ email }) => email)
  expect(got.flatMap(({ to }) => to).toSorted()).toEqual(may.toSorted())
  for (const mail of got) {
    expect(mail.text).toContain(`${url}/p/${project.id}/requests/${id}`)
    expect(mail.text).toContain('A refund.')
    expect(mail.raw).not.toMatch(/otp_v1_|\/a\//)
  }
})

test('a line of keys has people mailed once in a minute, however often and at once it asks', async () => {
  const { project, agent, actor } = await place()
  const ask = () => askPermission(world, actor)
  expect(await mails(ask, 3)).toHaveLength(3)
  expect(await mails(() => Promise.all(Array.from({ length: 5 }, ask)))).toEqual([])
  const sibling = await makeAgentKey(world, project, agent)
  expect(await mails(() => askPermission(world, sibling.actor), 3)).toHaveLength(3)
  // A minute after the last mail, and not after the last request: who asks all the time is heard once a minute.
  await minuteAgo()
  expect(await mails(() => Promise.all(Array.from({ length: 5 }, ask)), 3)).toHaveLength(3)
})

test('whom a key invited hears nothing of what it asks, but of what others ask', async () => {
  const { project, actor } = await place()
  const key = await makeKey(world, project, 'agent-live')
  const puppet = await makePerson(world, project, 'MEMBER')
  await sql`update memberships set invited_by_key = ${key.id} where person_id = ${puppet.id}`
  const heard = async (ask: () => Promise<unknown>, atLeast: number) =>
    (await mails(ask, atLeast)).flatMap(({ to }) => to)
  expect(await heard(() => askPermission(world, key.actor), 3)).not.toContain(puppet.email)
  expect(await heard(() => askPermission(world, actor), 4)).toContain(puppet.email)
})

test('a test key, and what a policy answers, has nobody mailed', async () => {
  const { project, agent, actor, people } = await place()
  const tester = await makeAgentKey(world, project, agent, { env: 'test' })
  expect(await mails(() => askPermission(world, tester.actor))).toEqual([])
  await sql`
    insert into policies (id, project_id, position, name, matchers, effect, created_by)
    values (${people.owner.id}, ${project.id}, 1, 'all', '[{"field": "action", "op": "exists"}]', 'auto_approve', '{}')`
  expect(await mails(() => askPermission(world, actor))).toEqual([])
  await sql`update policies set effect = 'deny' where project_id = ${project.id}`
  expect(await mails(() => askPermission(world, actor).catch(() => undefined))).toEqual([])
  await sql`delete from policies where project_id = ${project.id}`
  expect(await mails(() => askPermission(world, actor), 3)).toHaveLength(3)
})
