import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { ticketOf, toldOf } from '../invited.ts'
import { mailbox } from '../mailbox.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { serve } from '../serve.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url, MAIL_FROM: 'sign@example.com' })
const ask = asker(url)
const visitor = as(world, { type: 'visitor' })

let arrived = 0
/** The link in the next mail, and whom it went to. */
async function nextLink() {
  const mail = (await box.arrived(++arrived)).at(-1)
  return { to: mail?.to, link: mail?.links.text[0] ?? '' }
}

test('an invitation by a person is shown and mailed with the same link; sent again, with a new one', async () => {
  const project = await makeProject(world)
  const { actor } = await makePerson(world, project, 'OWNER')
  const { users } = as(world, actor)
  const made = await users.invite({ email: 'Ana@Example.com', role: 'ADMIN' })
  expect(made.mailed).toBe(true)
  expect(await nextLink()).toEqual({ to: ['ana@example.com'], link: made.url })
  const anew = await users.resend({ invitationId: made.id })
  expect(anew).toMatchObject({ mailed: true })
  expect((await nextLink()).link).toBe(anew.url)
  expect(ticketOf(anew)).not.toBe(ticketOf(made))
})

test('an invitation by a key leaves only by mail, and that link opens it', async () => {
  const project = await makeProject(world)
  const { key } = await makeKey(world, project, 'admin', { name: 'hr' })
  const reply = await ask('POST', '/v1/users/invitations', { key, body: { email: 'bo@example.com', role: 'MEMBER' } })
  expect(reply).toMatchObject({ status: 201, body: { mailed: true } })
  const { to, link } = await nextLink()
  expect(to).toEqual(['bo@example.com'])
  expect(reply.text).not.toContain(link.slice(-26))
  expect(await visitor.invitations.open({ token: link.slice(-26) })).toMatchObject({
    ...{ email: 'bo@example.com', invited_by: 'hr', project: project.name },
  })
})

test('what is refused mails nothing', async () => {
  const project = await makeProject(world)
  const admin = await makePerson(world, project, 'ADMIN')
  const { users } = as(world, admin.actor)
  expect(await codeOf(users.invite({ email: 'owner@example.com', role: 'OWNER' }))).toBe('INSUFFICIENT_ROLE')
  expect(await codeOf(users.invite({ email: admin.email, role: 'MEMBER' }))).toBe('ALREADY_MEMBER')
  await users.invite({ email: 'last@example.com', role: 'MEMBER' })
  expect((await nextLink()).to).toEqual(['last@example.com'])
  expect(await toldOf(world, project, 'invitation.created')).toHaveLength(1)
})
