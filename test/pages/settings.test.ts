import { expect, test } from 'vitest'
import { mailbox } from '../mailbox.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { makeAccount } from '../sign-in.ts'
import { openBrowser, shows } from './browser.ts'
import { enter } from './inside.ts'

const mails = await mailbox()
const { world, url } = await serve({ SMTP_URL: mails.url })
const owner = ownerOf(world)
const browser = await openBrowser()

async function looking(tab: string, role: 'OWNER' | 'MEMBER' = 'OWNER') {
  const project = await makeProject(world)
  const ana = await makeAccount(world, project, role, { name: 'Ana Silva' })
  const seen = await enter(browser, url, ana, `/p/${project.id}/settings?tab=${tab}`)
  await shows(seen.page, 'Settings')
  return { ...seen, project, ana }
}

const readSettings = async (id: string) => (await owner`select * from projects where id = ${id}`)[0]

test('a project is renamed, and the frame says its new name', async () => {
  const { page, close } = await looking('project')
  const name = `Renamed ${Date.now()}`
  await page.getByLabel('Name of the project').fill(name)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: `Project ${name}; choose another` }).waitFor()
  await close()
})

test('an allowlist says which line is wrong, and guards against locking oneself out', async () => {
  const { page, project, close } = await looking('api-access')
  await shows(page, 'Settings → API access')
  await page.getByLabel('Only these addresses may use the project’s keys').check()
  const field = page.getByLabel('Addresses and networks, one per line')
  await field.fill('203.0.113.7\n\n10.0.0.0/99\n')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/Line 3, 10\.0\.0\.0\/99:/).waitFor()
  await field.fill('203.0.113.7')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('This allowlist would lock out the address this request came from').waitFor()
  expect((await readSettings(project.id))?.ip_allowlist).toBeNull()
  await page.getByRole('button', { name: 'Save it anyway' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save allowlist' }).click()
  await page.getByText('The allowlist is changed; it holds at once.').waitFor()
  expect((await readSettings(project.id))?.ip_allowlist).toEqual(['203.0.113.7'])
  await page.reload()
  expect(await field.inputValue()).toBe('203.0.113.7')
  await page.getByLabel('Only these addresses may use the project’s keys').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(async () => (await readSettings(project.id))?.ip_allowlist).toBeNull()
  await close()
})

test('retention, session rules, alerts and codes are saved, each in its tab with an address of its own', async () => {
  const { page, project, close } = await looking('retention')
  await page.getByLabel('Access log').fill('90')
  await page.getByLabel('Keep the audit log for ever').uncheck()
  await page.getByLabel('Audit log', { exact: true }).fill('730')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => readSettings(project.id)).toMatchObject({ requests_days: 90, audit_days: 730 })
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.waitForURL(/tab=sessions/)
  await page.getByLabel('Ends without use after').fill('15')
  await page.getByLabel('“Remember this device” lasts').fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => readSettings(project.id)).toMatchObject({ session_idle_minutes: 15, remember_days: 0 })
  await page.getByRole('tab', { name: 'Alerts' }).click()
  await page.getByLabel('Mail them to the admins and owners').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => readSettings(project.id)).toMatchObject({ alert_mail: false })
  await page.getByRole('tab', { name: 'Codes' }).click()
  await page.getByLabel('Codes are covered until somebody uncovers one').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => readSettings(project.id)).toMatchObject({ codes_hidden: false })
  await page.goBack()
  await page.waitForURL(/tab=alerts/)
  await page.goBack()
  await page.waitForURL(/tab=sessions/)
  await close()
})

test('a member reads the settings and is told who changes them', async () => {
  const { page, close } = await looking('retention', 'MEMBER')
  await page.getByText('You can read these; an admin or owner changes them.').waitFor()
  await page.getByLabel('Access log').waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  expect(await page.getByRole('tab', { name: 'Instance' }).count()).toBe(0)
  await close()
})

test('whoever runs the instance sees its health and sends a test mail', async () => {
  const { page, project, ana, close } = await looking('project')
  await owner`update people set runs_instance = true where id = ${ana.id}`
  await page.waitForTimeout(300)
  await page.goto(`${url}/p/${project.id}/settings?tab=instance`)
  await page.getByText(`Links begin with ${url}`).waitFor()
  await page.getByRole('button', { name: 'Send test mail' }).click()
  await page.getByText(`A test mail is on its way to ${ana.email}.`).waitFor()
  const [mail] = await mails.arrived(1)
  expect(mail?.to).toEqual([ana.email])
  await close()
})
