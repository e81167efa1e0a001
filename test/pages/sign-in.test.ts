import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { mailbox } from '../mailbox.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount } from '../sign-in.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter } from './inside.ts'

const mails = await mailbox()
const { world, url } = await serve({ SMTP_URL: mails.url })
const owner = ownerOf(world)
const project = await makeProject(world, 'Webshop')
const browser = await openBrowser()

/** Fills in the form as a person does. */
async function signInAs(page: Page, email: string, password = goodPassword) {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('a page of the dashboard leads to the sign-in and comes back afterwards', async () => {
  const ana = await makeAccount(world, project)
  const { page, misdeeds, close } = await visit(browser, `${url}/p/${project.id}/people?q=Ana`)
  await shows(page, 'Sign in')
  await signInAs(page, ana.email, 'not-her-password')
  await page.getByText('The e-mail address or the password is wrong.').waitFor()
  await signInAs(page, ana.email)
  await shows(page, 'People')
  expect(page.url()).toBe(`${url}/p/${project.id}/people?q=Ana`)
  expect(await page.title()).toBe('People · Countersign')
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test.each([
  'https://evil.example/p',
  '//evil.example/p',
  '/\\evil.example/p',
  '/\t/evil.example',
  'javascript:alert(1)',
])('an address of somebody else is never gone to after signing in: %j', async (next) => {
  const ana = await makeAccount(world, project)
  const { page, misdeeds, close } = await visit(browser, `${url}/sign-in#next=${encodeURIComponent(next)}`)
  await signInAs(page, ana.email)
  await page.waitForURL(`${url}/p/${project.id}`)
  expect(misdeeds).toMatchObject({ dialogs: [], strayed: [] })
  await close()
})

test('“Remember this device” is asked of the server', async () => {
  const ana = await makeAccount(world, project)
  const { page, close } = await visit(browser, `${url}/sign-in`)
  await page.getByLabel('Remember this device').check()
  await signInAs(page, ana.email)
  await page.waitForURL(`${url}/p/${project.id}`)
  expect(await world.db.sql`select 1 from sessions where person_id = ${ana.id} and remembered`).toHaveLength(1)
  await close()
})

test('what went wrong at GitHub is said in our words, and words of an address are not shown', async () => {
  const { page, close } = await visit(browser, `${url}/sign-in?error=SIGN_UP_CLOSED`)
  await page.getByText('New accounts need an invitation here; ask an admin for one.').waitFor()
  await page.goto(`${url}/sign-in?error=${encodeURIComponent('Call 555 to unlock your account')}`)
  await page.getByText('That sign-in did not work; try again.').waitFor()
  expect(await page.getByText('555').count()).toBe(0)
  await close()
})

test('a forgotten password is replaced by a mailed link, whose token leaves the address at once', async () => {
  const ana = await makeAccount(world, project)
  const { page, close } = await visit(browser, `${url}/sign-in`)
  await page.getByRole('link', { name: 'Forgot the password?' }).click()
  await shows(page, 'Forgot the password')
  await page.getByLabel('E-mail address').fill(ana.email)
  await page.getByRole('button', { name: 'Mail me a link' }).click()
  await shows(page, 'Look into your mail')
  const [mail] = await mails.arrived(1)
  const link = mail?.links.text.find((one) => one.includes('/reset-password#')) ?? ''
  await page.goto('about:blank')
  await page.goto(link)
  await shows(page, 'Choose a new password')
  expect(page.url()).toBe(`${url}/reset-password`)
  await page.getByLabel('New password').fill('short')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('Must be at least 12 characters.').waitFor()
  await page.getByLabel('New password').fill('another-harbour-violin')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await shows(page, 'The password is changed')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signInAs(page, ana.email, 'another-harbour-violin')
  await page.waitForURL(`${url}/p/${project.id}`)
  await page.goto('about:blank')
  await page.goto(link)
  await page.getByLabel('New password').fill('a-third-harbour-violin')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('This link was used or has expired; ask for a new one.').waitFor()
  await close()
})

test('what asks for a fresh sign-in is done after signing in again, without losing the page', async () => {
  const ana = await makeAccount(world, project)
  const bo = await makeAccount(world, project, 'VIEWER', { name: 'Bo Lind' })
  await owner`update sessions set proven_at = now() - interval '20 minutes' where person_id = ${ana.id}`
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}/people?q=Bo`)
  await page.getByRole('button', { name: 'Actions for Bo Lind' }).click()
  await page.getByRole('menuitem', { name: 'Change role' }).click()
  await page.getByLabel('Member').check()
  await page.getByRole('button', { name: 'Change role' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.waitFor()
  expect(await dialog.getByLabel('E-mail address').inputValue()).toBe(ana.email)
  await dialog.getByLabel('Password', { exact: true }).fill(goodPassword)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Bo Lind is MEMBER now.').waitFor()
  expect(await world.db.sql`select role from memberships where person_id = ${bo.id}`).toEqual([{ role: 'MEMBER' }])
  await close()
})

test('closing “Sign in again” leaves everything as it was, and says why', async () => {
  const ana = await makeAccount(world, project)
  const bo = await makeAccount(world, project, 'VIEWER', { name: 'Bea Holm' })
  await owner`update sessions set proven_at = now() - interval '20 minutes' where person_id = ${ana.id}`
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}/people?q=Bea`)
  await page.getByRole('button', { name: 'Actions for Bea Holm' }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('This asks for a sign-in of the last ten minutes').waitFor()
  expect(await world.db.sql`select disabled_at from memberships where person_id = ${bo.id}`).toEqual([
    { disabled_at: null },
  ])
  await close()
})

test('signing out ends the session and shows nothing of it any more', async () => {
  const ana = await makeAccount(world, project, 'OWNER', { name: 'Ana Silva' })
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}`)
  await page.getByRole('button', { name: 'Account of Ana Silva' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(`${url}/sign-in`)
  await page.goto(`${url}/p/${project.id}`)
  await shows(page, 'Sign in')
  expect(await world.db.sql`select 1 from sessions where person_id = ${ana.id}`).toHaveLength(0)
  await close()
})
