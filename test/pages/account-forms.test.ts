import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseOtpauth } from '../../shared/otpauth.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { addAccount, openPanel, seed } from './account-scene.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project, 'ADMIN')
const bob = await makePerson(world, project, 'MEMBER', { name: 'Bob Berg' })
const room = `/p/${project.id}/codes`

test('a seed is added as people write it, its faults in words, and what was added is marked in the list', async () => {
  const { page, close } = await enter(browser, url, bob, `${room}/new`)
  await shows(page, 'Add an account')
  const field = page.getByLabel('Seed')
  await field.fill('jbsw y3dp 0')
  await page.getByText('Must be base32, which has no 0: it may be the letter O.').waitFor()
  await field.fill('JBSWY3DP')
  await page.getByLabel('Service').fill('GitHub')
  await page.getByText('Must be at least 10 bytes').waitFor()
  await page.getByRole('button', { name: 'Add account' }).click()
  await soon(() => page.getByLabel('Account name').getAttribute('aria-invalid')).toBe('true')
  expect(await faultsOf(page)).toEqual([])
  await field.fill('jbsw y3dp ehpk-3pxp=')
  await page.getByLabel('Account name').fill('bob')
  await page.getByRole('combobox', { name: 'Tags' }).fill('prod')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add account' }).click()
  await shows(page, 'Codes')
  const [made] = (await as(world, bob.actor).accounts.list({ q: 'bob' })).items
  expect(made).toMatchObject({ name: 'bob', issuer: 'GitHub', tags: ['prod'], owner: { id: bob.id } })
  await page.waitForURL(new RegExp(`added=${made?.id}`))
  await page.locator(`[data-account="${made?.id}"]`).waitFor()
  await close()
})

test('an otpauth address fills the form, and says so when it is of a kind that does not work here', async () => {
  const { page, close } = await enter(browser, url, bob, `${room}/new`)
  const field = page.getByLabel('Seed')
  await field.fill('otpauth://hotp/Bank:bob?secret=JBSWY3DPEHPK3PXP&counter=1')
  await field.blur()
  await page.getByText('Its codes go by a counter (HOTP)').waitFor()
  await field.fill(
    `otpauth://totp/Bank:bob%40example.com?secret=${seed}&issuer=Bank&algorithm=SHA256&digits=8&period=60`,
  )
  await field.blur()
  await soon(() => page.getByLabel('Service').inputValue()).toBe('Bank')
  expect(await field.inputValue()).toBe(seed)
  expect(await page.getByLabel('Seconds').inputValue()).toBe('60')
  await page.getByRole('button', { name: 'Add account' }).click()
  await shows(page, 'Codes')
  const [made] = (await as(world, bob.actor).accounts.list({ q: 'bob@example.com' })).items
  expect(made).toMatchObject({ issuer: 'Bank', algorithm: 'SHA256', digits: 8, period: 60 })
  await close()
})

test('only what was changed is sent, so what somebody else changed meanwhile stays', async () => {
  const made = await addAccount(world, bob, 'edited', { tags: ['old'] })
  const { page, dialog, close } = await openPanel(browser, url, bob, made, { project })
  await dialog.getByRole('button', { name: 'Edit' }).click()
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await as(world, ana.actor).accounts.update({ accountId: made.id, tags: ['new'] })
  await dialog.getByLabel('Account name').fill('renamed')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog', { name: 'renamed' }).getByText('new', { exact: true }).waitFor()
  expect(await as(world, bob.actor).accounts.get({ accountId: made.id })).toMatchObject({
    name: 'renamed',
    tags: ['new'],
  })
  await close()
})

test('an admin gives a key access', async () => {
  const made = await addAccount(world, ana, 'for a robot')
  const key = await makeKey(world, project)
  const { dialog, close } = await openPanel(browser, url, ana, made, { project, tab: 'access' })
  await dialog.getByRole('button', { name: 'Give access…' }).click()
  await dialog.getByText('An API key', { exact: true }).click()
  await dialog.getByLabel('API key', { exact: true }).selectOption(key.id)
  await dialog.getByRole('button', { name: 'Give access', exact: true }).click()
  await dialog.getByRole('listitem').filter({ hasText: 'API key' }).getByText('Has access').waitFor()
  await close()
})

test('all of one’s own accounts are saved as a list of otpauth addresses', async () => {
  const { page, close } = await enter(browser, url, ana, room)
  await page.getByRole('button', { name: 'Import and export' }).click()
  await page.getByRole('menuitem', { name: 'Export all of mine' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the file' }).click()
  const lines = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n')
  const mine = (await as(world, ana.actor).accounts.list({})).items.filter(({ owner }) => owner?.id === ana.id)
  expect(lines).toHaveLength(mine.length)
  expect(parseOtpauth(lines[0] ?? '')).toMatchObject({ secret: seed })
  await close()
})

test.each([
  ['details', 'Your access'],
  ['access', 'Bob Berg'],
  ['log', 'Access to a TOTP account granted'],
])('the tab %s has no fault of access', async (tab, drawn) => {
  const made = await addAccount(world, ana, `looked at ${tab}`, { tags: ['prod', 'ci'], issuer: 'Acme' })
  await as(world, ana.actor).accounts.permit({
    ...{ accountId: made.id, action: 'grant', email: bob.email, role: 'viewer', codes: 3, minutes: 30 },
  })
  const { page, dialog, close } = await openPanel(browser, url, ana, made, { project, tab })
  if (tab === 'access') await dialog.getByRole('button', { name: 'Give access…' }).click()
  await dialog.getByText(drawn).first().waitFor()
  expect(await faultsOf(page)).toEqual([])
  await close()
})
