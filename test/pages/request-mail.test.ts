import { expect, test } from 'vitest'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { mailbox } from '../mailbox.ts'
import { mailsOf } from '../mailed.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount } from '../sign-in.ts'
import { openBrowser, press, shows, visit } from './browser.ts'

const box = await mailbox()
const { world, url } = await serve({ SMTP_URL: box.url })
const browser = await openBrowser()

test('whoever follows the mail of a request signs in, lands on its page and answers it there', async () => {
  const project = await makeProject(world, 'Webshop')
  const { actor } = await makeAgent(world, project)
  const ana = await makeAccount(world, project)
  await makePerson(world, project, 'VIEWER')
  const mails = await mailsOf(box, world)(async () => {
    await askPermission(world, actor, { context: { reason: 'A refund is due.' }, ttl: 3600 })
  }, 1)
  expect(mails.map(({ to }) => to)).toEqual([[ana.email]])
  const [mail] = mails
  const { items } = await as(world, ana.actor).permissions.list({})
  const id = items[0]?.id ?? ''
  const address = `${url}/p/${project.id}/requests/${id}`
  expect(mail?.header('subject')).toBe('Permission needed: email.send by my-assistant')
  expect(mail?.header('references')).toBe(`<approval.${id}@127.0.0.1>`)
  expect(mail?.text).toContain('A refund is due.')
  expect(mail?.links.text.filter((link) => link.includes('/requests/'))).toEqual([address])
  expect(mail?.raw).not.toMatch(/otp_v1_|\/a\//)

  const { page, misdeeds, close } = await visit(browser, address)
  await shows(page, 'Sign in')
  await page.getByLabel('E-mail address').fill(ana.email)
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await shows(page, 'Permission request')
  expect(page.url()).toBe(address)
  await page.getByText('A refund is due.', { exact: true }).waitFor()
  await press(page, 'Approve')
  await page.getByText('Approved by Ana Silva').waitFor()
  expect(await as(world, actor).permissions.get({ id })).toMatchObject({ status: 'approved' })
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  await close()
})
