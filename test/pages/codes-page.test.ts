import type { BrowserContextOptions, Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { codeOf, stepAt } from '../../server/lib/totp.ts'
import { grantTo, makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

/** The server's time stands until a test moves it on; by nothing else do codes end here. */
const time = { now: Date.now() - (Date.now() % 120_000) + 600_000 }
const { world, url } = await serve({}, { clock: { now: () => new Date(time.now) } })
const browser = await openBrowser()

type Room = Pick<Awaited<ReturnType<typeof makeRoom>>, 'ana' | 'path'>
type Account = Awaited<ReturnType<typeof makeAccount>>

const seedOf = (name: string) => Buffer.from(name.padEnd(20, '.'))
const codeNow = ({ seed, recipe }: Account, ahead = 0) =>
  codeOf(seed, recipe, stepAt(new Date(time.now), recipe.period) + ahead)

/** A project of its own with these accounts, its codes covered or not. */
async function makeRoom(
  accounts: readonly { name: string; tags?: string[]; period?: number; digits?: number }[],
  hidden = false,
) {
  // Each test begins where a step of every period does.
  time.now += 120_000 - (time.now % 120_000)
  const project = await makeProject(world)
  await world.db.sql`update projects set codes_hidden = ${hidden} where id = ${project.id}`
  const made = new Map<string, Account>()
  for (const one of accounts)
    made.set(one.name, await makeAccount(world, project, { issuer: '', seed: seedOf(one.name), ...one }))
  const ana = await makePerson(world, project)
  const account = (name: string) => {
    const found = made.get(name)
    if (!found) throw new Error(`No account ${name} was made.`)
    return found
  }
  return { project, ana, account, path: `/p/${project.id}/codes` }
}

/** Every list of ids that a page asked codes of, in the order it asked. */
function asked(page: Page): string[][] {
  const all: string[][] = []
  page.on('request', (request) => {
    const at = new URL(request.url())
    if (!at.pathname.includes('accounts.codes')) return
    const input: Record<string, { ids: string } | Record<string, never>> = JSON.parse(
      at.searchParams.get('input') ?? '{}',
    )
    for (const { ids } of Object.values(input)) if (ids) all.push(ids.split(',').toSorted())
  })
  return all
}

const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Pin ${name}` }) })
const opener = (page: Page, name: string) => row(page, name).locator('[data-row]')
const digits = (page: Page, name: string) => row(page, name).locator('[data-code]')
const reads = (page: Page, name: string) =>
  soon(async () => ((await digits(page, name).count()) ? digits(page, name).textContent() : ''))
const names = (page: Page) =>
  page.locator('[data-row]').evaluateAll((all) => all.map((one) => one.firstElementChild?.textContent))
const taken = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const copies = { permissions: ['clipboard-read', 'clipboard-write'] }

type Clocked = { passed?: (ms: number) => void }

/** Stops the clocks that a page reads, this many ms from the server's; its timers run on, and find what they are told. */
const stop = (page: Page, ahead = 0) =>
  page.addInitScript((start) => {
    let now = start
    Date.now = () => now
    performance.now = () => now - start
    // The page's own window carries how its time moves on, for `pass` below.
    ;(window as Clocked).passed = (ms) => {
      now += ms
    }
  }, time.now + ahead)

/** Moves the server's clock and the page's on together. */
async function pass(page: Page, seconds: number): Promise<void> {
  time.now += seconds * 1000
  await page.evaluate((ms) => (window as Clocked).passed?.(ms), seconds * 1000)
}

/** Longer than any timer of the page waits before it asks for a code, in real time. */
const quiet = (page: Page) => page.waitForTimeout(1300)

/** Opens the page with clocks that stand still until a test moves them. */
async function open({ ana, path }: Room, { ahead = 0, ...options }: BrowserContextOptions & { ahead?: number } = {}) {
  const seen = await enter(browser, url, ana, '/favicon.svg', options)
  await stop(seen.page, ahead)
  const requests = asked(seen.page)
  await seen.page.goto(url + path)
  await shows(seen.page, 'Codes')
  return { ...seen, requests }
}

test('rows on screen are asked for together, once for each period at its own end, and nothing else is', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({ name: `Z${at + 10}` }))
  const room = await makeRoom([
    { name: 'short', period: 15 },
    { name: 'long', period: 60, digits: 8 },
    { name: 'seven', digits: 7 },
    ...many,
  ])
  for (const name of ['short', 'long', 'seven'])
    await world.db
      .sql`insert into account_marks (person_id, account_id, pinned) values (${room.ana.id}, ${room.account(name).id}, true)`
  const { page, requests, close } = await open(room)
  await reads(page, 'short').toBe(codeNow(room.account('short')))
  await reads(page, 'seven').toBe(codeNow(room.account('seven')))
  expect(await digits(page, 'seven').locator('span').allTextContents()).toEqual(
    [3, 7].map((end, at) => codeNow(room.account('seven')).slice(at * 3, end)),
  )
  expect(requests).toHaveLength(1)
  const [first = []] = requests
  expect(first.length).toBeGreaterThan(5)
  expect(first.length).toBeLessThan(25)
  const [short, long] = [room.account('short').id, room.account('long').id]
  await pass(page, 14)
  await quiet(page)
  expect(requests).toHaveLength(1)
  await pass(page, 1)
  await soon(() => requests.length).toBe(2)
  expect(requests[1]).toEqual([short])
  await reads(page, 'short').toBe(codeNow(room.account('short')))
  await pass(page, 15)
  await soon(() => requests.length).toBe(3)
  expect(requests[2]).toEqual(first.filter((id) => id !== long))
  // Nobody looks: nothing is asked, and nothing of it is left on the page.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  expect(await page.locator('[data-code]').count()).toBe(0)
  await pass(page, 60)
  await quiet(page)
  expect(requests).toHaveLength(3)
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await reads(page, 'long').toBe(codeNow(room.account('long')))
  expect(requests).toHaveLength(4)
  // Those below are asked for when they come into view, by themselves.
  await page.getByText('Z49').scrollIntoViewIfNeeded()
  await reads(page, 'Z49').toBe(codeNow(room.account('Z49')))
  expect(requests[4]).not.toContain(short)
  await close()
})

test('the seconds go by the server, and in the last five the next code stands beside; a wrong clock is told of', async () => {
  const room = await makeRoom([{ name: 'GitHub' }])
  const { page, requests, close } = await open(room)
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  await pass(page, 24)
  await row(page, 'GitHub').getByText('6 s').waitFor()
  expect(await row(page, 'GitHub').getByText('next').count()).toBe(0)
  await pass(page, 1)
  await row(page, 'GitHub').getByText('5 s').waitFor()
  await row(page, 'GitHub')
    .getByText(`next ${codeNow(room.account('GitHub'), 1)}`)
    .waitFor()
  await pass(page, 5)
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  expect(await page.getByText('This device’s clock').count()).toBe(0)
  await soon(() => requests.length).toBe(2)
  await close()
  const late = await open(room, { ahead: -42_000 })
  await late.page.getByText('This device’s clock is 42 s behind the server’s').waitFor()
  await reads(late.page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  await late.close()
})

test('a press copies and says so; covered codes are shown by the first press, taken unseen with Ctrl, and covered again', async () => {
  const room = await makeRoom([{ name: 'GitHub' }, { name: 'Vault' }], true)
  const { page, requests, close } = await open(room, copies)
  await opener(page, 'GitHub').waitFor()
  await quiet(page)
  expect(requests).toEqual([])
  await opener(page, 'GitHub').click()
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  expect(requests).toEqual([[room.account('GitHub').id]])
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('')
  await opener(page, 'GitHub').click()
  await row(page, 'GitHub').getByText('Copied').waitFor()
  expect(await taken(page)).toBe(codeNow(room.account('GitHub')))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+Enter')
  await row(page, 'Vault').getByText('Copied').waitFor()
  expect(await taken(page)).toBe(codeNow(room.account('Vault')))
  expect(await digits(page, 'Vault').count()).toBe(0)
  await soon(async () =>
    (
      await world.db
        .sql`select target from events where name = 'account.code_copied' and project_id = ${room.project.id} order by id`
    ).map(({ target }) => target),
  ).toEqual(['GitHub', 'Vault'].map((name) => `account:${room.account(name).id}`))
  await pass(page, 30)
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  await pass(page, 31)
  await reads(page, 'GitHub').toBe('')
  const before = requests.length
  await pass(page, 60)
  await quiet(page)
  expect(requests).toHaveLength(before)
  await close()
})

test('no code stays without a network, and after a failed request the row says why and tries again', async () => {
  const room = await makeRoom([{ name: 'GitHub' }])
  const { page, context, requests, close } = await open(room)
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  await context.setOffline(true)
  await row(page, 'GitHub').getByText('You are offline.').waitFor()
  expect(await page.locator('[data-code]').count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 800 })
  await context.setOffline(false)
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  const broken = (route: Route) => route.abort()
  await page.route(/accounts\.codes/, broken)
  await pass(page, 30)
  await row(page, 'GitHub').getByText('The service could not be reached.').waitFor()
  expect(await page.locator('[data-code]').count()).toBe(0)
  await page.unroute(/accounts\.codes/, broken)
  const tried = requests.length
  await row(page, 'GitHub').getByRole('button', { name: 'Try again' }).click()
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  expect(requests).toHaveLength(tried + 1)
  await close()
})

test('codes by count come only by their button, one for each step, and then there are none', async () => {
  const room = await makeRoom([{ name: 'Bank' }, { name: 'Other' }])
  const bob = await makePerson(world, room.project, 'VIEWER', { name: 'Bob' })
  await grantTo(world, room.account('Bank'), { email: bob.email, codes: 2, minutes: 30 })
  const { page, requests, close } = await open({ ...room, ana: bob })
  await expect.poll(() => names(page)).toEqual(['Bank'])
  await opener(page, 'Bank').click()
  await pass(page, 60)
  await quiet(page)
  expect(requests).toEqual([])
  await page.getByRole('button', { name: 'Get a code (2 of 2 left)' }).click()
  await reads(page, 'Bank').toBe(codeNow(room.account('Bank')))
  await row(page, 'Bank').getByText('1 of 2 left').waitFor()
  await pass(page, 26)
  expect(await row(page, 'Bank').getByText('next').count()).toBe(0)
  // Another page of theirs in the same step: the one code of this step was given.
  const second = await open({ ...room, ana: bob })
  await second.page.getByRole('button', { name: 'Get a code (1 of 2 left)' }).click()
  await second.page.getByText(/This step’s code was given already.*Next in 4 s/).waitFor()
  await second.close()
  await pass(page, 4)
  await page.getByRole('button', { name: 'Get a code (1 of 2 left)' }).click()
  await reads(page, 'Bank').toBe(codeNow(room.account('Bank')))
  await pass(page, 30)
  await page.getByText('All 2 codes were given.').waitFor()
  expect(requests).toHaveLength(2)
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('typing anywhere searches, tags narrow, Escape shows all, arrows go through rows, Enter copies the first', async () => {
  const room = await makeRoom([
    { name: 'GitLab', tags: ['work'] },
    { name: 'GitHub', tags: ['work', 'prod'] },
    { name: 'Bank', tags: ['home'] },
    { name: 'jira kanban' },
  ])
  const { page, close } = await open(room, copies)
  await soon(() => names(page)).toEqual(['Bank', 'GitHub', 'GitLab', 'jira kanban'])
  await page.getByRole('button', { name: 'Pin GitLab' }).click()
  await soon(() => names(page)).toEqual(['GitLab', 'Bank', 'GitHub', 'jira kanban'])
  await page.locator('body').click({ position: { x: 900, y: 790 } })
  // The letters of other pages' commands are letters here.
  await page.keyboard.type('gith')
  await soon(() => names(page)).toEqual(['GitHub'])
  await reads(page, 'GitHub').toBe(codeNow(room.account('GitHub')))
  await page.keyboard.press('Enter')
  await row(page, 'GitHub').getByText('Copied').waitFor()
  expect(await taken(page)).toBe(codeNow(room.account('GitHub')))
  await soon(() => page.url()).toContain('q=gith')
  await page.keyboard.press('Escape')
  await soon(() => names(page)).toHaveLength(4)
  await page.getByRole('button', { name: 'work' }).click()
  await soon(() => names(page)).toEqual(['GitLab', 'GitHub'])
  await page.getByLabel('Search').fill('home')
  await page.getByText('No account matches').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await soon(() => names(page)).toHaveLength(4)
  await page.getByLabel('Search').press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(room.account('Bank').id)
  await page.keyboard.type('j')
  await soon(() => names(page)).toEqual(['jira kanban'])
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('where there is nothing the page says what it is for, and an account appears by itself', async () => {
  const { ana, path } = await makeRoom([])
  const { page, misdeeds, close } = await open({ ana, path })
  for (const name of ['Add an account', 'Import from an app', 'Scan a QR code'])
    await page.getByRole('link', { name }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' })
  const { id } = await as(world, ana.actor).accounts.create({ name: 'Shared', secret: 'JBSWY3DPEHPK3PXP' })
  await soon(() => digits(page, 'Shared').count()).toBe(1)
  await page.getByRole('button', { name: 'More about Shared' }).click()
  await page.getByRole('menuitem', { name: 'Details' }).click()
  await page.getByRole('dialog', { name: 'Shared' }).waitFor()
  expect(page.url()).toContain(`account=${id}`)
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('a right that ended is gone from the page with the next request, and a viewer is told whom to ask', async () => {
  const room = await makeRoom([{ name: 'Shared' }])
  const viewer = await makePerson(world, room.project, 'VIEWER', { name: 'Vic' })
  const { id: accountId } = room.account('Shared')
  const { permit } = as(world, room.ana.actor).accounts
  await permit({ accountId, action: 'grant', email: viewer.email, role: 'viewer' })
  const { page, misdeeds, close } = await open({ ...room, ana: viewer })
  await reads(page, 'Shared').toBe(codeNow(room.account('Shared')))
  await permit({ accountId, action: 'revoke', email: viewer.email })
  await pass(page, 30)
  await page.getByText('No codes for you yet').waitFor()
  expect(await page.getByRole('link', { name: 'Add an account' }).count()).toBe(0)
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds.errors).toEqual([])
  await close()
})
