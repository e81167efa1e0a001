import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { freshSetupLink } from '../../server/setup/owner.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount } from '../sign-in.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter } from './inside.ts'

const { world, url } = await serve()
const project = await makeProject(world, 'Webshop')
const ana = await makeAccount(world, project, 'OWNER', { name: 'Ana Silva', email: 'ana@example.com' })
await makeAccount(world, project, 'VIEWER', {
  name: 'Bo Lind',
  email: 'somebody.with-a-very-long-address@a-long-company-name.example.com',
})
const setUp = (await freshSetupLink(world)) ?? ''
const invitation = (await as(world, ana.actor).users.invite({ email: 'chi@example.com', role: 'MEMBER' })).url ?? ''
await world.db.sql`update people set runs_instance = true where id = ${ana.id}`
const fresh = await serve()
const freshLink = (await freshSetupLink(fresh.world)) ?? setUp
const browser = await openBrowser()

/** Does something on the page before it is looked at: opens a dialog, a menu, or makes a mistake. */
type Step = (page: Page) => Promise<unknown>

const press =
  (name: string | RegExp, role: 'button' | 'menuitem' = 'button'): Step =>
  (page) =>
    page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .first()
      .click()

const see =
  (text: string | RegExp): Step =>
  (page) =>
    page.getByText(text).first().waitFor()

const fill =
  (label: string, text: string): Step =>
  (page) =>
    page.getByLabel(label, { exact: true }).fill(text)

/** What is looked at: a title, where it is, its heading, and what is done there first. */
type Row = [what: string, path: string, heading: string | RegExp, ...steps: Step[]]

const doors: Row[] = [
  ['the sign-in page', '/sign-in', 'Sign in'],
  ['the sign-in page after GitHub said no', '/sign-in?error=GITHUB_UNVERIFIED', 'Sign in', see(/verify it there/)],
  [
    'the sign-in page after a wrong password',
    '/sign-in',
    'Sign in',
    fill('E-mail address', 'ana@example.com'),
    fill('Password', 'not-her-password'),
    press('Sign in'),
    see(/the password is wrong/),
  ],
  ['asking for a new password', '/reset-password', 'Forgot the password'],
  ['choosing a new password', '/reset-password#0123456789abcdef', 'Choose a new password'],
  ['the set-up page', freshLink, 'Set up Countersign'],
  ['the set-up page of an instance that is set up', '/setup', 'This instance is set up already'],
  ['joining', invitation, 'Join Webshop'],
  ['joining with a link that is over', '/join#0123456789ABCDEFGHJKMNPQRS', 'There is no such invitation'],
]

const inside = `/p/${project.id}`

const rooms: Row[] = [
  ['the account', '/account', 'Account', see('this one')],
  ['adding a passkey', '/account', 'Account', press('Add a passkey'), see('To tell it from others')],
  ['turning on the second factor', '/account', 'Account', press('Turn on'), see('You need an authenticator app')],
  [
    'the QR code',
    '/account',
    'Account',
    press('Turn on'),
    fill('Your password', goodPassword),
    press('Go on'),
    see('Code that the app shows now'),
  ],
  ['a new project', '/projects/new', 'New project'],
  ['the first approval', `${inside}/run-this`, 'Your first approval'],
  [
    'the first approval with its key',
    `${inside}/run-this`,
    'Your first approval',
    press('Generate the key'),
    see('Waiting for the call'),
  ],
  ['people', `${inside}/people`, 'People', see('Bo Lind')],
  ['nobody found', `${inside}/people?q=xyz`, 'People', see('Nobody matches')],
  ['inviting', `${inside}/people`, 'People', press('Invite'), see('Reads approvals and values.')],
  ['a person’s menu', `${inside}/people`, 'People', press('Actions for Bo Lind'), see('Change role')],
  [
    'disabling somebody',
    `${inside}/people`,
    'People',
    press('Actions for Bo Lind'),
    press('Disable', 'menuitem'),
    see('the API keys that they made'),
  ],
  ['the account menu', inside, 'Inbox', press('Account of Ana Silva'), see('Sign out')],
  ['the project menu', inside, 'Inbox', press('Project Webshop; choose another'), see('New project')],
  ['settings', `${inside}/settings`, 'Settings', see('Name of the project')],
  ['API access', `${inside}/settings?tab=api-access`, /API access/, see('Only these addresses')],
  [
    'an allowlist with a fault',
    `${inside}/settings?tab=api-access`,
    /API access/,
    (page) => page.getByLabel(/^Only these addresses/).check(),
    fill('Addresses and networks, one per line', '10.0.0.0/99'),
    press('Save'),
    see(/Line 1/),
  ],
  ['retention', `${inside}/settings?tab=retention`, /Retention/, see('Access log')],
  ['session rules', `${inside}/settings?tab=sessions`, /Sessions/, see('Ends without use after')],
  ['alerts', `${inside}/settings?tab=alerts`, /Alerts/, see('Mail them to the admins')],
  ['guests', `${inside}/settings?tab=guests`, /Guests/, see('Anybody may share one-time secrets here')],
  ['the instance', `${inside}/settings?tab=instance`, /Instance/, see('Send test mail')],
  ['an address that leads nowhere', '/p/01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Nothing here'],
]

const at = (path: string) => (path.startsWith('/') ? url + path : path)

test.each(doors)('%s has no fault', async (_what, path, heading, ...steps) => {
  const { page, close } = await visit(browser, at(path))
  await shows(page, heading)
  for (const step of steps) await step(page)
  expect(await faultsOf(page, { grave: true })).toEqual([])
  await close()
})

test.each(rooms)('%s has no fault', async (_what, path, heading, ...steps) => {
  const { page, close } = await enter(browser, url, ana, path)
  await shows(page, heading)
  for (const step of steps) await step(page)
  expect(await faultsOf(page, { grave: true })).toEqual([])
  await close()
})

test('without a connection the page says so, keeps what was read, and has no fault', async () => {
  const { page, context, close } = await enter(browser, url, ana, `${inside}/people`)
  await page.getByText('Bo Lind').waitFor()
  await context.setOffline(true)
  await page.getByText('You are offline. What you see is from before').waitFor()
  expect(await page.getByText('Bo Lind').count()).toBeGreaterThan(0)
  expect(await faultsOf(page, { grave: true })).toEqual([])
  await close()
})

test('a list that cannot be read says why, with a way to try again, and has no fault', async () => {
  const { page, close } = await enter(browser, url, ana, '/account')
  await shows(page, 'Account')
  await page.route(/users\.list/, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }))
  await page.goto(`${url}${inside}/people`)
  await page.getByText('This could not be loaded').waitFor()
  expect(await faultsOf(page, { grave: true })).toEqual([])
  await page.unroute(/users\.list/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Bo Lind').waitFor()
  await close()
})

test('with the keyboard alone one skips to the page, and on a phone into the drawer and back', async () => {
  const { page, close } = await enter(browser, url, ana, `${inside}/people`, { viewport: { width: 375, height: 640 } })
  await page.getByText('Bo Lind').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  await page.getByRole('button', { name: 'Menu' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Menu' }).waitFor()
  expect(await faultsOf(page, { grave: true }).then((found) => found.filter((one) => !one.includes('1280')))).toEqual(
    [],
  )
  await page.setViewportSize({ width: 375, height: 640 })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Menu')
  await close()
})

test('what is pressed on a phone is at least 44 px high', async () => {
  // Instants stand in lines of text, which is as high as it is (WCAG 2.5.8, inline).
  const small = (page: Page) =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'button:not(:has(time)), input:not([type=checkbox], [type=radio], [role=switch], [hidden]), nav a',
        ),
      ]
        .filter((each) => {
          const { height } = each.getBoundingClientRect()
          return height > 0 && height < 43.5
        })
        .map((each) => each.outerHTML),
    )
  const { page, close } = await enter(browser, url, ana, `${inside}/people`, { viewport: { width: 375, height: 640 } })
  await page.getByText('Bo Lind').waitFor()
  expect(await small(page)).toEqual([])
  for (const path of [`${inside}/settings`, '/account', `${inside}/run-this`]) {
    await page.goto(url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await small(page)).toEqual([])
  }
  await close()
})
