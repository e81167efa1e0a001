import { expect, test } from 'vitest'
import { asker, browser } from '../http.ts'
import { mailbox } from '../mailbox.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url, MAIL_FROM: 'sign@example.com' })
const ask = asker(url)
const wish = { key_path: 'deploy/prod', value: 'approved', info: 'Deploy v2.1.0' }
const queued = async () => (await world.db.sql`select count(*)::int as n from graphile_worker.jobs`)[0]?.n

test('an approval is mailed to whom it names, each once, and the mail’s link decides it', async () => {
  const { key, project } = await makeAsker(world)
  const notify = ['ana@example.com', 'Bo@Example.com', 'ANA@example.com']
  const made = await ask('POST', '/v1/approvals', { key, body: { ...wish, notify } })
  expect(made.status).toBe(201)
  const mails = await box.arrived(2)
  expect(mails.map(({ to }) => to[0]).toSorted()).toEqual(['ana@example.com', 'bo@example.com'])
  for (const mail of mails) {
    expect(mail.links.text).toContain(made.body.url)
    expect(mail.links.html).toContain(made.body.url)
    expect(mail.text).toContain('Deploy v2.1.0')
    expect(mail.text).toContain(project.name)
    expect(mail.header('auto-submitted')).toBe('auto-generated')
    expect(mail.header('references')).toContain(String(made.body.approval_id))
  }
  const token = new URL(mails[0]?.links.text[0] ?? '').pathname.slice(3)
  expect((await browser(url).press(token, 'approve')).status).toBe(200)
  expect((await ask('GET', '/v1/key/deploy/prod', { key })).text).toBe('"approved"')
})

test('an approval by name mails the same kind of link, which alone decides nothing', async () => {
  const { key } = await makeAsker(world)
  const before = box.mails.length
  const body = { ...wish, notify: ['ana@example.com'], approvers: [{ any_of: ['role:ADMIN'] }] }
  const made = await ask('POST', '/v1/approvals', { key, body })
  const mail = (await box.arrived(before + 1)).at(-1)
  expect(mail?.links.text).toContain(made.body.url)
  const page = browser(url)
  const opened = await page.open(String(made.body.url).slice(-26))
  expect(opened.body).toMatchObject({ needs: { sign_in: true }, info: null })
})

test('a repeated request and a refused one mail nothing more', async () => {
  const { key } = await makeAsker(world)
  const send = (body: object, once: string) =>
    ask('POST', '/v1/approvals', { key, body, headers: { 'idempotency-key': once } })
  const before = box.mails.length
  const first = await send({ ...wish, notify: ['ana@example.com'] }, 'one')
  expect((await send({ ...wish, notify: ['ana@example.com'] }, 'one')).text).toBe(first.text)
  expect((await send({ ...wish, notify: ['a@b.c\r\nBcc: eve@example.com'] }, 'two')).status).toBe(400)
  expect((await send({ ...wish, notify: Array(11).fill('ana@example.com') }, 'three')).status).toBe(400)
  await box.arrived(before + 1)
  await expect.poll(queued).toBe(0)
  expect(box.mails.length).toBe(before + 1)
})
