import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makeAgent } from '../agents.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor, id: keyId } = await makeAsker(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}`
const made = await makeApproval(world, actor, { key_path: 'deploy/prod' })
await makeApproval(world, actor, { key_path: 'deploy/stage' })

const search = (page: Page) => page.getByPlaceholder('Page, project, key')
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

/** The inbox, ready for keys. */
async function open() {
  const seen = await enter(browser, url, ana, at)
  await seen.page.getByRole('button', { name: 'deploy/prod' }).waitFor()
  return seen
}

test('the palette goes to pages by name from the keyboard alone', async () => {
  const { page, misdeeds, close } = await open()
  await page.keyboard.press('Control+k')
  await search(page).fill('audit')
  await page.getByRole('dialog').getByText('Audit').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await shows(page, 'Audit')
  await search(page).waitFor({ state: 'detached' })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('the palette finds an agent by its name', async () => {
  const { agent } = await makeAgent(world, project, { name: 'night-crawler' })
  const { page, close } = await open()
  await page.keyboard.press('Control+k')
  await search(page).fill('crawl')
  // Its key bears the same name.
  await page.getByRole('dialog').getByText('Agent', { exact: true }).click()
  await shows(page, agent.name)
  await close()
})

test('the palette finds a key by its name, and an approval by its path and by its id', async () => {
  const { page, close } = await open()
  for (const [typed, option, word] of [
    ['write key', 'write key', keyId],
    ['deploy/prod', 'Approval, pending', made.approval_id],
    [made.approval_id, 'Approval, pending', made.approval_id],
  ] as const) {
    await page.keyboard.press('Control+k')
    await search(page).fill(typed)
    await page.getByRole('dialog').getByText(option).first().click()
    await soon(() => page.url()).toContain(`open=${word}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await close()
})

test('the palette changes the colours and stays closed with Esc, the focus where it was', async () => {
  const { page, close } = await open()
  await page.getByRole('button', { name: 'deploy/prod' }).focus()
  await page.keyboard.press('Control+k')
  await search(page).waitFor()
  await page.keyboard.press('Escape')
  await search(page).waitFor({ state: 'detached' })
  await soon(() => focused(page)).toBe('deploy/prod')
  await page.keyboard.press('Control+k')
  await search(page).fill('dark colours')
  await page.getByText('Use dark colours').click()
  await soon(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
  await close()
})

test('g and a letter go to every page', async () => {
  const { page, close } = await open()
  for (const [letter, heading] of [
    ['a', 'Approvals'],
    ['v', 'Values'],
    ['n', 'Agents'],
    ['k', 'API keys and access logs'],
    ['u', 'Audit'],
    ['p', 'People'],
    ['s', 'Secrets'],
    ['w', 'Connections'],
    [',', 'Settings'],
    ['i', 'Inbox'],
    // Where letters search, and no more than the palette leads away.
    ['c', 'Codes'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(letter)
    await shows(page, heading)
  }
  await page.goto(`${url}${at}`)
  await shows(page, 'Inbox')
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.getByRole('tab', { name: 'Access log', selected: true }).waitFor()
  await close()
})

test('j and k move through rows, Enter opens one, Esc closes it and the row has the focus again', async () => {
  const { page, close } = await open()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await shows(page, 'Approvals')
  await page.getByRole('table').getByRole('button', { name: 'deploy/stage' }).waitFor()
  await page.keyboard.press('j')
  await soon(() => focused(page)).toBe('deploy/stage')
  await page.keyboard.press('j')
  await soon(() => focused(page)).toBe('deploy/prod')
  await page.keyboard.press('j')
  await soon(() => focused(page)).toBe('deploy/prod')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await soon(() => focused(page)).toBe('deploy/stage')
  await close()
})

test('a slash goes to the search, and no key does anything while somebody types', async () => {
  const { page, close } = await open()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByLabel('Key path').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('gi?jk/')
  expect(await page.getByLabel('Key path').inputValue()).toBe('gi?jk/')
  await shows(page, 'Approvals')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await close()
})

test('single keys are switched off in the help sheet, for good, while the palette’s keys still work', async () => {
  const { page, close } = await open()
  await page.keyboard.press('?')
  await page.getByLabel('Single keys do something').click()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('button', { name: 'deploy/prod' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.keyboard.press('?')
  await page.waitForTimeout(500)
  await shows(page, 'Inbox')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.keyboard.press('Control+k')
  await search(page).waitFor()
  await close()
})
