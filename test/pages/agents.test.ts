import { execFile } from 'node:child_process'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { askPermission, makeAgent, makeAgentKey } from '../agents.ts'
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
const project = await makeProject(world)
const ana = await makePerson(world, project)
const member = await makePerson(world, project, 'MEMBER', { name: 'Mia Moss' })
const at = `/p/${project.id}/agents`

const run = (command: string) =>
  new Promise<string>((resolve, reject) =>
    execFile('sh', ['-c', `${command} -s`], (error, out) => (error ? reject(error) : resolve(out))),
  )

/** What the API answers a key of an agent. */
const answerTo = async (key: string) =>
  (await fetch(`${url}/v1/permissions`, { headers: { authorization: `Bearer ${key}` } })).status

const open = (agentId: string, who = ana) => enter(browser, url, who, `${at}/${agentId}`)

/** The text of a key that is shown this once. */
const shownKey = async (page: Page) =>
  (await page.getByText(/^ak_(live|test)_[A-Za-z0-9]{32,}$/).textContent()) ?? 'none'

async function store(page: Page) {
  const done = page.getByRole('button', { name: 'Done' })
  expect(await done.isDisabled()).toBe(true)
  await page.getByLabel('I have stored it').check()
  await done.click()
}

test('without an agent the page says what one is, with the command line and a request that make one', async () => {
  const bare = await makeProject(world)
  const bob = await makePerson(world, bare)
  const { page, close } = await enter(browser, url, bob, `/p/${bare.id}/agents`)
  await page.getByText('No agent yet').waitFor()
  await page.getByText('countersign agent:create --name "my-assistant"').waitFor()
  await page.getByText(`${url}/v1/agents`).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page
    .getByRole('button', { name: 'Make the first agent' })
    .or(page.getByRole('link', { name: 'Make the first agent' }))
    .click()
  await shows(page, 'New agent')
  await close()
})

test('an agent is made from a name, its key is shown once, and its first request runs', async () => {
  const { page, misdeeds, close } = await enter(browser, url, ana, `${at}/new`)
  await page.getByLabel('Name').fill('my-assistant')
  await page.getByLabel('Description').fill('Answers the support mailbox')
  await page.getByLabel('Get codes of TOTP accounts').check()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Create agent' }).click()
  await shows(page, 'Store the agent’s key')
  const text = await shownKey(page)
  await page.getByText(`COUNTERSIGN_API_KEY=${text}`).waitFor()
  await page.getByText('new Client({').waitFor()
  expect(await faultsOf(page)).toEqual([])
  const command = (await page.locator('pre', { hasText: 'curl' }).textContent()) ?? ''
  expect(JSON.parse(await run(command))).toMatchObject({ status: 'pending', agent: { name: 'my-assistant' } })
  await store(page)
  await shows(page, 'my-assistant')
  await page.getByText('Answers the support mailbox').waitFor()
  await page.getByRole('cell', { name: 'Get codes of TOTP accounts' }).waitFor()
  // What it asked a moment ago is there already.
  await page.getByRole('link', { name: 'email.send' }).waitFor()
  expect(await page.content()).not.toContain(text)
  expect([misdeeds.errors, await misdeeds.refused()]).toEqual([[], []])
  await close()
})

test('a name that is missing is said at its field, and nothing is made', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}/new`)
  await page.getByRole('button', { name: 'Create agent' }).click()
  await soon(() => page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
  await close()
})

test('the list finds agents by name and description, and follows what happens without being asked', async () => {
  const { agent, actor } = await makeAgent(world, project, { name: 'billing-bot' })
  await makeAgent(world, project, { name: 'other-bot' })
  const { page, close } = await enter(browser, url, ana, `${at}?q=billing`)
  const row = page.getByRole('row').filter({ hasText: agent.name })
  await row.getByText('1 live, 0 test').waitFor()
  await row.getByText('Nothing').waitFor()
  expect(await page.getByText('other-bot').count()).toBe(0)
  await page.getByText('Live', { exact: true }).first().waitFor()
  await askPermission(world, actor)
  await row.getByText('1 request').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByText('other-bot').waitFor()
  await page.getByRole('button', { name: agent.name }).click()
  await shows(page, agent.name)
  await close()
})

test('an agent is renamed', async () => {
  const { agent } = await makeAgent(world, project, { name: 'to-rename' })
  const { page, close } = await open(agent.id)
  await page.getByRole('button', { name: 'Rename…' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('renamed')
  await page.getByRole('button', { name: 'Save' }).click()
  await shows(page, 'renamed')
  expect(await as(world, ana.actor).agents.get({ agentId: agent.id })).toMatchObject({
    name: 'renamed',
    description: '',
  })
  await close()
})

test('disabling says what is withdrawn, starts on Cancel, stops every key, and can be undone', async () => {
  const { agent, key, actor } = await makeAgent(world, project, { name: 'to-disable' })
  const asked = await askPermission(world, actor)
  const { page, close } = await open(agent.id)
  await page.getByRole('button', { name: 'Disable…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 request of it that waits for an answer is withdrawn').waitFor()
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  expect(await faultsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Disable agent' }).click()
  await page.getByText('Disabled: its keys open nothing').waitFor()
  await soon(() => answerTo(key)).toBe(401)
  await page.getByText('Revoked', { exact: true }).first().waitFor()
  expect((await as(world, ana.actor).permissions.get({ id: asked.id })).status).toBe('revoked')
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByRole('button', { name: 'Disable…' }).waitFor()
  await soon(() => answerTo(key)).toBe(200)
  await close()
})

test('another key is made beside the first, and both work', async () => {
  const { agent, key } = await makeAgent(world, project, { name: 'two-keys' })
  const { page, close } = await open(agent.id)
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').getByText('Test', { exact: true }).click()
  await page.getByText('A test key is allowed everything at once').waitFor()
  await page.getByRole('dialog').getByText('Live', { exact: true }).click()
  await page.getByLabel('Read values').check()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Create key' }).click()
  const text = await shownKey(page)
  await page.keyboard.press('Escape')
  await store(page)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('cell', { name: 'Read values' }).waitFor()
  expect([await answerTo(key), await answerTo(text)]).toEqual([200, 200])
  expect(await page.content()).not.toContain(text)
  await close()
})

test('a key that is rotated without grace ends at once, and the new text still stands there to be stored', async () => {
  const { agent, key } = await makeAgent(world, project, { name: 'to-rotate' })
  const { page, close } = await open(agent.id)
  await page.getByRole('button', { name: /^Rotate ak_live_/ }).click()
  await page.getByLabel('The old key works on for').selectOption('0')
  await page.getByRole('button', { name: 'Rotate key' }).click()
  const text = await shownKey(page)
  await soon(() => answerTo(key)).toBe(401)
  await page.getByRole('table', { name: 'Keys of the agent', includeHidden: true }).getByText('Expired').waitFor()
  expect(await page.getByText(text, { exact: true }).count()).toBe(1)
  await store(page)
  expect(await answerTo(text)).toBe(200)
  await close()
})

test('one key is revoked, then all that are left, each after a question', async () => {
  const { agent, key } = await makeAgent(world, project, { name: 'to-revoke' })
  const second = await makeAgentKey(world, project, agent)
  const third = await makeAgentKey(world, project, agent)
  const { page, close } = await open(agent.id)
  await page.getByRole('button', { name: `Revoke ak_live_…${second.key.slice(-4)}` }).click()
  await page.getByRole('dialog').getByText('Nothing used it.').waitFor()
  await page.getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('cell', { name: 'Revoked' }).waitFor()
  await soon(() => answerTo(second.key)).toBe(401)
  expect([await answerTo(key), await answerTo(third.key)]).toEqual([200, 200])
  await page.getByRole('button', { name: 'Revoke all…' }).click()
  await page.getByRole('button', { name: 'Revoke 2 keys' }).click()
  await soon(() => page.getByRole('cell', { name: 'Revoked' }).count()).toBe(3)
  await soon(async () => [await answerTo(key), await answerTo(third.key)]).toEqual([401, 401])
  await close()
})

test('a member reads agents, may change nothing, and is told who may', async () => {
  const { agent } = await makeAgent(world, project, { name: 'only-read' })
  const { page, close } = await open(agent.id, member)
  await page.getByText('Only admins and owners of the project change agents').waitFor()
  await page.getByText('ak_live_…').first().waitFor()
  for (const name of ['Rename…', 'Disable…', 'New key', 'Revoke all…', /^Rotate/, /^Revoke/])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  await page.goto(`${url}${at}/new`)
  await page.getByText('Not with your role').waitFor()
  await page.goto(`${url}${at}`)
  await page.getByText('Admins and owners of the project make and change agents.').waitFor()
  expect(await page.getByText('New agent').count()).toBe(0)
  await close()
})

test('the page of an agent has no fault in either scheme at any width', async () => {
  const { agent, actor } = await makeAgent(world, project, {
    name: 'looked-at',
    scopes: ['accounts:codes', 'values:read'],
  })
  await makeAgentKey(world, project, agent, { env: 'test' })
  await askPermission(world, actor, { resource: 'mailbox:support' })
  const { page, misdeeds, close } = await open(agent.id)
  await page.getByRole('link', { name: 'email.send on mailbox:support' }).waitFor()
  await page.getByText('People took, median').waitFor()
  expect(await faultsOf(page)).toEqual([])
  expect([misdeeds.errors, await misdeeds.refused()]).toEqual([[], []])
  await close()
})

test('an agent that is not there, and a list that cannot be read, say so', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}/01ARZ3NDEKTSV4RRFFQ69G5FAV`)
  await page.getByText('No such agent').waitFor()
  await page.route(/agents\.list/, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }))
  await page.goto(`${url}${at}`)
  await page.getByText('This could not be loaded').waitFor({ timeout: 20_000 })
  await page.unroute(/agents\.list/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('table').waitFor()
  await close()
})

test('audit entries lead to the agent that they are about', async () => {
  const made = await as(world, ana.actor).agents.create({ name: 'on-record' })
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}/audit?target=agent:${made.id}`)
  await page.getByRole('button', { name: 'Agent created' }).click()
  await page.getByRole('link', { name: 'Open the agent' }).click()
  await shows(page, 'on-record')
  await close()
})

test('scripts in names and descriptions of agents run nowhere', async () => {
  const hostile = await makeProject(world)
  const person = await makePerson(world, hostile)
  for (const text of payloads.slice(0, 30)) await makeAgent(world, hostile, { name: text.slice(0, 255) })
  await world.db.sql`update agents set description = name where project_id = ${hostile.id}`
  const { page, misdeeds, close } = await enter(browser, url, person, `/p/${hostile.id}/agents`)
  await soon(() => page.locator('[data-row]').count()).toBe(30)
  await page.locator('[data-row]').first().click()
  await page.getByRole('button', { name: 'Disable…' }).click()
  await page.getByRole('button', { name: 'Disable agent' }).waitFor()
  expect(await misdeeds.refused()).toEqual([])
  expect([misdeeds.dialogs, misdeeds.errors]).toEqual([[], []])
  await close()
})
