import { expect, test } from 'vitest'
import { makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { makeAccount } from '../sign-in.ts'
import { openBrowser, shows } from './browser.ts'
import { enter } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()

/** A project with an owner who is looking at its people. */
async function looking(role: 'OWNER' | 'VIEWER' = 'OWNER', options = {}) {
  const project = await makeProject(world)
  const ana = await makeAccount(world, project, role, { name: 'Ana Silva' })
  const bo = await makeAccount(world, project, 'MEMBER', { name: 'Bo Lind' })
  const seen = await enter(browser, url, ana, `/p/${project.id}/people`, options)
  await shows(seen.page, 'People')
  return { ...seen, project, ana, bo }
}

test('people are found by a part of their name, which stands in the address', async () => {
  const { page, close } = await looking()
  await page.getByText('Bo Lind').waitFor()
  await page.getByLabel('Name or e-mail address').fill('lind')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\?q=lind$/)
  await page.getByRole('row', { name: /Ana Silva/ }).waitFor({ state: 'detached' })
  expect(await page.getByRole('row', { name: /Bo Lind/ }).count()).toBe(1)
  await page.getByLabel('Name or e-mail address').fill('nobody-of-that-name')
  await page.keyboard.press('Enter')
  await page.getByText('Nobody matches').waitFor()
  await page.goBack()
  await page.getByRole('row', { name: /Bo Lind/ }).waitFor()
  await close()
})

test('somebody is invited with a link that is shown once, sent anew, and revoked', async () => {
  const { page, close } = await looking()
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByLabel('E-mail address', { exact: true }).fill('ana@intranet')
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
  await page.getByText('Must be an e-mail address in ASCII, as ana@example.com.').waitFor()
  await page.getByLabel('E-mail address', { exact: true }).fill('chi@example.com')
  await page.getByLabel('Admin').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
  await page.getByText('This instance sends no mail: pass the link on to chi@example.com yourself.').waitFor()
  const first = await page.locator('.mantine-Modal-body pre').textContent()
  expect(first).toMatch(new RegExp(`^${url}/join#[0-9A-Z]{26}$`, 'i'))
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Invited', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Actions for chi@example.com' }).click()
  await page.getByRole('menuitem', { name: 'Send again or copy link' }).click()
  await page.getByRole('button', { name: 'Make a new link' }).click()
  await page.locator('.mantine-Modal-body pre').waitFor()
  expect(await page.locator('.mantine-Modal-body pre').textContent()).not.toBe(first)
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: 'Actions for chi@example.com' }).click()
  await page.getByRole('menuitem', { name: 'Revoke invitation' }).click()
  await page.getByRole('button', { name: 'Revoke invitation' }).click()
  await page.getByRole('row', { name: /chi@example\.com/ }).waitFor({ state: 'detached' })
  await close()
})

test('disabling asks first with the focus on Cancel, says what ends, and gives the focus back', async () => {
  const { page, bo, close } = await looking()
  const menu = page.getByRole('button', { name: 'Actions for Bo Lind' })
  await menu.click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByRole('dialog').getByText('the API keys that they made in it').waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await expect.poll(focused).toBe('Cancel')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Actions for Bo Lind')
  expect(await world.db.sql`select disabled_at from memberships where person_id = ${bo.id}`).toEqual([
    { disabled_at: null },
  ])
  await menu.click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByText('Bo Lind is disabled.').waitFor()
  const [row] = await world.db.sql`select disabled_at from memberships where person_id = ${bo.id}`
  expect(row?.disabled_at).toBeInstanceOf(Date)
  await close()
})

test('the last owner neither steps down nor leaves, and is told what to do first', async () => {
  const { page, close } = await looking()
  const says = page.getByText('A project keeps at least one owner; make somebody else an owner first.')
  await page.getByRole('button', { name: 'Actions for Ana Silva' }).click()
  await page.getByRole('menuitem', { name: 'Change role' }).click()
  await page.getByLabel('Viewer').check()
  await page.getByRole('button', { name: 'Change role' }).click()
  await says.waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Actions for Ana Silva' }).click()
  await page.getByRole('menuitem', { name: 'Leave project' }).click()
  await page.getByRole('button', { name: 'Leave project' }).click()
  await says.waitFor()
  await close()
})

test('a viewer sees who is there and can change nobody but leave', async () => {
  const { page, project, close } = await looking('VIEWER')
  await page.getByText('Bo Lind').waitFor()
  expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Actions for Bo Lind' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Actions for Ana Silva' }).click()
  await page.getByRole('menuitem', { name: 'Leave project' }).click()
  await page.getByRole('button', { name: 'Leave project' }).click()
  // It was their last project: their sessions ended with it.
  await shows(page, 'Sign in')
  await page.goto(`${url}/p/${project.id}`)
  await shows(page, 'Sign in')
  await close()
})

test('below 640 px each person is a card whose fields are named, and nothing is cut off', async () => {
  const { page, close } = await looking('OWNER', { viewport: { width: 320, height: 640 } })
  const cell = page.locator('td[data-label=Role]').first()
  await cell.waitFor()
  expect(await cell.evaluate((one) => getComputedStyle(one, '::before').content)).toContain('Role')
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Settings' }).click()
  await shows(page, 'Settings')
  expect(await page.getByRole('dialog', { name: 'Menu' }).count()).toBe(0)
  await close()
})
