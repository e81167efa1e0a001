import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()

/** A project of its own, since policies answer whatever is asked in theirs. */
async function place() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'ADMIN')
  const asker = await makeAgent(world, project, { name: 'shop-bot' })
  const refund = (amount: number) =>
    askPermission(world, asker.actor, { action: 'refund.create', resource: 'order:1', scope: { amount } })
  return { project, ana, ...asker, refund, policies: as(world, ana.actor).policies, at: `/p/${project.id}/agents` }
}

type Place = Awaited<ReturnType<typeof place>>

const write = ({ policies }: Place, name: string, more: Partial<Parameters<Place['policies']['create']>[0]> = {}) =>
  policies.create({ name, effect: 'deny', matchers: [{ field: 'action', op: 'equals', value: name }], ...more })

const order = async ({ policies }: Place) => (await policies.list({})).items.map(({ name }) => name)

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))

const cards = (page: Page) => page.getByRole('list', { name: 'Policies' }).getByRole('listitem')

test('a policy is written beside what it would have answered, and answers from then on', async () => {
  const here = await place()
  await here.refund(20)
  await here.refund(80)
  const { page, misdeeds, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  await page.getByText('the first whose conditions all hold answers').waitFor()
  await page.getByText('No policy yet').waitFor()
  await page.getByText('Write the first policy').click()
  await shows(page, 'New policy')
  await page.getByText('Fill in every condition').waitFor()
  await page.getByLabel('Name').fill('Small refunds')
  await page.getByLabel('Condition 1: value').fill('refund.create')
  await page.getByText('2 of the last 2 requests would be answered otherwise.').waitFor()
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByLabel('Condition 2: place in the scope').fill('amount')
  await page.getByLabel('Condition 2: comparison').selectOption('at_most')
  await page.getByLabel('Condition 2: value').fill('50')
  await page.getByText('1 of the last 2 requests would be answered otherwise.').waitFor()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name }).getByRole('cell').allTextContents()
  expect([await row('allowed at once'), await row('a person is asked')]).toEqual([
    ['0', '1'],
    ['2', '1'],
  ])
  const changed = page.getByRole('list', { name: 'Requests that would be answered otherwise' })
  await changed.getByText('scope.amount = 20').waitFor()
  await changed.getByText('Now: no policy fits. With it: “Small refunds”.').waitFor()
  await page.getByLabel('scope template').fill('{"amount": 90}')
  await page.getByText('1 request fits it, but its scope template would allow more').waitFor()
  await page.getByLabel('scope template').fill('{"amount": 10}')
  await changed.getByText('scope.amount = 20').waitFor()
  expect(await changed.getByRole('listitem').count()).toBe(1)
  expect(await faultsOf(page)).toEqual([])
  expect(await order(here)).toEqual([])
  await page.getByRole('button', { name: 'Create policy' }).click()
  await shows(page, 'Agents')
  await page.getByText('action is refund.create and scope.amount at most 50').waitFor()
  expect(await here.refund(50)).toMatchObject({ status: 'approved', scope: { amount: 10 } })
  expect((await here.refund(51)).status).toBe('pending')
  expect([misdeeds.errors, await misdeeds.refused()]).toEqual([[], []])
  await close()
})

test('what is wrong with a condition or the template is said at its field, and nothing is stored', async () => {
  const here = await place()
  const { page, close } = await enter(browser, url, here.ana, `${here.at}/policies/new`)
  await page.getByLabel('Name').fill('broken')
  await page.getByLabel('Condition 1: comparison').selectOption('matches')
  await page.getByLabel('Condition 1: value').fill('(?=a)b')
  const rows = page.getByRole('form', { name: 'Policy' }).getByRole('listitem')
  const fault = (number: number) => rows.nth(number - 1).locator('.mantine-InputWrapper-error')
  await soon(() => fault(1).allTextContents()).toEqual([expect.stringContaining('no regular expression in RE2 syntax')])
  await page.getByText('It cannot be evaluated.').waitFor()
  await page.getByLabel('Condition 1: value').fill('refund\\..*')
  await soon(() => fault(1).count()).toBe(0)
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByLabel('Condition 2: comparison').selectOption('at_least')
  await page.getByLabel('Condition 2: value').fill('fifty')
  await page.getByLabel('scope template').fill('[1]')
  await page.getByRole('button', { name: 'Create policy' }).click()
  await page.getByText('Say where in the scope it stands').waitFor()
  await page.getByText('A number is needed').waitFor()
  await page.getByText('A JSON object is needed').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Condition 2: place in the scope').fill('a..b')
  await page.getByLabel('Condition 2: value').fill('50')
  await page.getByLabel('scope template').fill('{"amount": 1}')
  await soon(() => fault(2).allTextContents()).toEqual(['Must be action, resource, or scope.… with dots.'])
  await page.getByRole('button', { name: 'Remove condition 2' }).click()
  await page.getByText('there is nothing to try it on').waitFor()
  expect(await order(here)).toEqual([])
  await page.getByRole('button', { name: 'Create policy' }).click()
  await soon(() => order(here)).toEqual(['broken'])
  await close()
})

test('an edited policy keeps every kind of value that it is not told to change', async () => {
  const here = await place()
  const matchers = [
    { field: 'action', op: 'in' as const, value: ['refund.create', 'refund.retry'] },
    { field: 'scope.codes', op: 'not_in' as const, value: [1, 2.5] },
    { field: 'scope.mixed', op: 'in' as const, value: ['a', 1, true] },
    { field: 'scope.flag', op: 'equals' as const, value: false },
    { field: 'scope.note', op: 'not_equals' as const, value: '50' },
    { field: 'scope.none', op: 'equals' as const, value: null },
    { field: 'scope.limits.daily', op: 'less_than' as const, value: -0.5 },
    { field: 'resource', op: 'exists' as const },
    { field: 'resource', op: 'prefix' as const, value: 'order:' },
  ]
  const made = await write(here, 'all kinds', { matchers, effect: 'auto_approve', scope_template: { max: 1 } })
  const { page, close } = await enter(browser, url, here.ana, `${here.at}/policies/${made.id}`)
  await page.getByLabel('Condition 5: value').waitFor()
  expect(await page.getByLabel('Condition 1: value').inputValue()).toBe('refund.create\nrefund.retry')
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Deny it').check()
  await page.getByLabel('What the agent is told').fill('Not on Sundays')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Says “Not on Sundays”.').waitFor()
  await page.getByText('scope.note is not "50"').waitFor()
  expect((await here.policies.list({})).items[0]).toMatchObject({
    ...{ name: 'all kinds', matchers, effect: 'deny', scope_template: null, reason: 'Not on Sundays' },
  })
  await close()
})

test('the order is changed with two buttons, from the keyboard as well, and the focus stays on what is moved', async () => {
  const here = await place()
  for (const name of ['first', 'second', 'third']) await write(here, name)
  const { page, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  await soon(() => cards(page).count()).toBe(3)
  await page.getByRole('button', { name: 'Move third up' }).focus()
  await page.keyboard.press('Enter')
  await soon(() => order(here)).toEqual(['first', 'third', 'second'])
  await page.getByText('third is now number 2 of 3.').waitFor({ state: 'attached' })
  await soon(() => focused(page)).toBe('Move third up')
  await page.keyboard.press('Enter')
  await soon(() => order(here)).toEqual(['third', 'first', 'second'])
  await soon(() => focused(page)).toBe('Move third down')
  await page.keyboard.press('Enter')
  await soon(() => order(here)).toEqual(['first', 'third', 'second'])
  await soon(() =>
    cards(page)
      .getByRole('link', { name: /^(first|second|third)$/ })
      .allTextContents(),
  ).toEqual(['first', 'third', 'second'])
  await close()
})

test('a new policy goes before another where that is chosen, and its preview knows', async () => {
  const here = await place()
  await here.refund(5)
  await write(here, 'no refunds', { matchers: [{ field: 'action', op: 'prefix', value: 'refund.' }] })
  const { page, close } = await enter(browser, url, here.ana, `${here.at}/policies/new`)
  await page.getByLabel('Name').fill('but small ones')
  await page.getByLabel('Condition 1: value').fill('refund.create')
  await page.getByText('None of the last 1 requests would be answered otherwise.').waitFor()
  await page.getByLabel('When it is asked').selectOption({ label: 'Before “no refunds”' })
  await page.getByText('Now: “no refunds”. With it: “but small ones”.').waitFor()
  await page.getByRole('button', { name: 'Create policy' }).click()
  await soon(() => order(here)).toEqual(['but small ones', 'no refunds'])
  await close()
})

test('a policy is switched off and on, and deleted after a question', async () => {
  const here = await place()
  await write(here, 'no refunds', { matchers: [{ field: 'action', op: 'equals', value: 'refund.create' }] })
  await expect(here.refund(1)).rejects.toThrow()
  const { page, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  // Its input lies over its words, and takes the press for them.
  await cards(page).getByText('On', { exact: true }).click({ force: true })
  await page.getByText('Off', { exact: true }).waitFor()
  expect((await here.refund(1)).status).toBe('pending')
  await page.getByRole('switch', { name: 'no refunds is on' }).press('Space')
  await page.getByText('Off', { exact: true }).waitFor({ state: 'detached' })
  await expect(here.refund(1)).rejects.toThrow()
  await page.getByRole('button', { name: 'Delete no refunds' }).click()
  await page.getByRole('dialog').getByText('What it denied is then answered').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Delete policy' }).click()
  await page.getByText('No policy yet').waitFor()
  expect(await order(here)).toEqual([])
  await close()
})

test('a standing yes stands on top with its time, on the page of its agent too, and a member ends it', async () => {
  const here = await place()
  await write(here, 'no refunds', { agent_id: here.agent.id })
  const member = await makePerson(world, here.project, 'MEMBER')
  await answerPermission(world, here.ana.actor, await here.refund(7), 'approve', { standing_seconds: 3600 })
  const { page, close } = await enter(browser, url, member, `${here.at}/${here.agent.id}`)
  await page
    .getByRole('list', { name: 'Standing yeses' })
    .getByText(/^(59 min|1 hour)/)
    .waitFor()
  await page.getByRole('link', { name: 'All policies, in their order' }).click()
  const standing = page.getByRole('list', { name: 'Standing yeses' })
  await standing.getByText('action is refund.create and resource is order:1').waitFor()
  await standing.getByRole('link', { name: 'shop-bot' }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  expect((await here.refund(7)).status).toBe('approved')
  await standing.getByRole('button', { name: 'End refund.create on order:1 now' }).click()
  await page.getByRole('button', { name: 'End it now' }).click()
  await standing.waitFor({ state: 'detached' })
  expect((await here.refund(7)).status).toBe('pending')
  await close()
})

test('a rule that cannot be evaluated is marked with why, and what that means', async () => {
  const here = await place()
  const made = await write(here, 'changed by hand')
  const matchers = world.db.sql.json([{ field: 'action', op: 'matches', value: '(' }])
  await world.db.sql`update policies set matchers = ${matchers} where id = ${made.id}`
  const { page, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  await page.getByText('Broken', { exact: true }).waitFor()
  await page.getByText('This is no regular expression in RE2 syntax').waitFor()
  await page.getByText('a person is asked about everything that comes to it').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('who is no admin reads policies, may change none, and is told who may', async () => {
  const here = await place()
  const made = await write(here, 'no refunds', { description: 'Ask finance' })
  const viewer = await makePerson(world, here.project, 'VIEWER')
  await answerPermission(world, here.ana.actor, await here.refund(7), 'approve', { standing_seconds: 600 })
  const { page, close } = await enter(browser, url, viewer, `${here.at}?tab=policies`)
  await page.getByText('Only admins and owners of the project change agents, their keys and policies.').waitFor()
  await soon(() => cards(page).count()).toBe(1)
  for (const name of [/^Move/, /^Delete/, /^End/]) expect(await page.getByRole('button', { name }).count()).toBe(0)
  expect(await page.getByRole('switch', { name: 'no refunds is on' }).count()).toBe(0)
  expect(await page.getByText('New policy').count()).toBe(0)
  await page.goto(`${url}${here.at}/policies/${made.id}`)
  await page.getByText('Ask finance').waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  await page.goto(`${url}${here.at}/policies/new`)
  await page.getByText('Not with your role').waitFor()
  await close()
})

test('what somebody else writes is there without being asked for, and its audit entry leads to it', async () => {
  const here = await place()
  const { page, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  await page.getByText('No policy yet').waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  const made = await write(here, 'from elsewhere')
  await page.getByRole('link', { name: 'from elsewhere' }).first().waitFor()
  await page.goto(`${url}/p/${here.project.id}/audit?target=policy:${made.id}`)
  await page.getByRole('button', { name: 'Policy created' }).click()
  await page.getByRole('link', { name: 'Open the policy' }).click()
  await shows(page, 'from elsewhere')
  expect(await page.getByLabel('Condition 1: value').inputValue()).toBe('from elsewhere')
  await here.policies.delete({ id: made.id })
  await page.getByText('No such policy').waitFor()
  await close()
})

test('scripts in policies and in what agents ask run nowhere', async () => {
  const here = await place()
  for (const text of payloads.slice(0, 25)) {
    await write(here, text.slice(0, 100), {
      effect: 'require_approval',
      matchers: [{ field: 'resource', op: 'equals', value: text }],
    })
    await askPermission(world, here.actor, { action: text.slice(0, 255), scope: { [text.slice(0, 60)]: text } })
  }
  const { page, misdeeds, close } = await enter(browser, url, here.ana, `${here.at}?tab=policies`)
  await soon(() => cards(page).count()).toBe(25)
  await page.goto(`${url}${here.at}/policies/new`)
  await page.getByLabel('Condition 1: comparison').selectOption('exists')
  await soon(() =>
    page.getByRole('list', { name: 'Requests that would be answered otherwise' }).getByRole('listitem').count(),
  ).toBe(25)
  expect(await misdeeds.refused()).toEqual([])
  expect([misdeeds.dialogs, misdeeds.errors]).toEqual([[], []])
  await close()
})
