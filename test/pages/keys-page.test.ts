import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson, makeSession } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/keys`
const list = async () => (await as(world, ana.actor).keys.list({ limit: 100 })).items
const named = async (name: string) => (await list()).find((key) => key.name === name)

const run = (command: string) =>
  new Promise<string>((resolve, reject) =>
    execFile('sh', ['-c', `${command} -s`], (error, out) => (error ? reject(error) : resolve(out))),
  )

test('a key is made from a name, shown once with a line for .env, and its first request runs', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}/new`)
  await page.getByLabel('Name').fill('ci')
  await page.getByRole('button', { name: 'Create key' }).click()
  await shows(page, 'Store the new key')
  const text = (await page.getByText(/^otw_[A-Za-z0-9_-]+$/).textContent()) ?? 'none'
  await page.getByText(`COUNTERSIGN_API_KEY=${text}`).waitFor()
  const command = (await page.locator('pre', { hasText: 'curl' }).textContent()) ?? ''
  expect(JSON.parse(await run(command))).toMatchObject({ status: 'pending' })
  const done = page.getByRole('button', { name: 'Done' })
  expect(await done.isDisabled()).toBe(true)
  await page.getByLabel('I have stored it').check()
  await done.click()
  await page.getByRole('dialog').getByText('Used in the last 7 days').waitFor()
  expect(await page.content()).not.toContain(text)
  await close()
})

test('scopes and restrictions are kept as they were chosen', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}/new`)
  await page.getByLabel('Name').fill('narrow')
  await page.getByLabel('Read values only').check()
  await page.getByLabel('Chosen one by one').check()
  await page.getByLabel('approvals:read').check()
  await page.getByText('Restrictions and options').click()
  await page.getByLabel('Only these key paths').fill('deploy\nconfig/flags')
  await page.getByLabel('Only those with one of these tags').check()
  await page.getByRole('combobox', { name: 'Tags' }).fill('ci,prod,')
  await page.getByLabel('Only from these addresses').fill('127.0.0.0/8\n2001:db8::/32')
  await page.getByLabel('Basic authentication').uncheck()
  await page.getByLabel('Keep bodies').selectOption('both')
  await page.getByText('bodies cost time and space').waitFor()
  await page.getByRole('button', { name: 'Create key' }).click()
  await shows(page, 'Store the new key')
  expect(await named('narrow')).toMatchObject({
    scopes: ['values:read', 'approvals:read'],
    key_paths: ['deploy', 'config/flags'],
    account_tags: ['ci', 'prod'],
    ip_allowlist: ['127.0.0.0/8', '2001:db8::/32'],
    transports: ['header'],
    logging: 'both',
    logging_until: expect.any(String),
  })
  await page.getByLabel('I have stored it').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').getByText('ci, prod').waitFor()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Only those that it is granted').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await soon(async () => (await named('narrow'))?.account_tags).toEqual([])
  await close()
})

test('an allowlist that would lock the maker out is refused until they say that they mean it', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}/new`)
  await page.getByLabel('Name').fill('elsewhere')
  await page.getByText('Restrictions and options').click()
  await page.getByLabel('Only from these addresses').fill('203.0.113.7')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Save it although').check()
  await page.getByRole('button', { name: 'Create key' }).click()
  await shows(page, 'Store the new key')
  expect((await named('elsewhere'))?.ip_allowlist).toEqual(['203.0.113.7'])
  await close()
})

test('everything is warned of, a text of one’s own is checked, and an admin cannot give what only owners have', async () => {
  const admin = await makePerson(world, project, 'ADMIN')
  const mine = await enter(browser, url, ana, `${at}/new`)
  await mine.page.getByLabel('Everything (Native API)').check()
  await mine.page.getByText('can do everything that the project’s owners can').waitFor()
  await mine.page.getByText('Restrictions and options').click()
  await mine.page.getByLabel('A text of your own').fill('sk_short')
  expect(await mine.page.getByText(': not met').count()).toBe(3)
  await mine.page.getByLabel('A text of your own').fill('a quite long text of my own 123')
  expect(await mine.page.getByText(': not met').count()).toBe(0)
  await mine.close()
  const theirs = await enter(browser, url, admin, `${at}/new`)
  expect(await theirs.page.getByLabel('Everything (Native API)').isDisabled()).toBe(true)
  await theirs.close()
})

test('who signed in long ago signs in again first, and loses nothing that was entered', async () => {
  const late = await makeSession(world, ana.id, 15)
  const { page, close } = await enter(browser, url, late, `${at}/new`)
  await page.getByLabel('Name').fill('kept in the form')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByLabel('Name').inputValue()).toBe('kept in the form')
  expect(await named('kept in the form')).toBeUndefined()
  await close()
})

test('a key is changed, switched off and on, and keeps its text', async () => {
  const key = await makeKey(world, project, 'write', { name: 'to change' })
  const { page, close } = await enter(browser, url, ana, `${at}?open=${key.id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('changed')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').getByText('changed').waitFor()
  const call = () => fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${key.key}` } })
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).waitFor()
  await soon(async () => (await call()).status).toBeGreaterThanOrEqual(401)
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByRole('button', { name: 'Disable' }).waitFor()
  await soon(async () => (await call()).status).toBe(200)
  await close()
})

test('revoking names what used the key, starts on Cancel, and ends it at once', async () => {
  const key = await makeKey(world, project, 'write', { name: 'to revoke' })
  const call = () => fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${key.key}` } })
  expect((await call()).status).toBe(200)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const { page, close } = await enter(browser, url, ana, `${at}?open=${key.id}`)
  await page.getByRole('button', { name: 'Revoke…' }).click()
  const dialog = page.getByRole('dialog', { name: /Revoke the key/ })
  await dialog.getByText('127.0.0.1').waitFor()
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await dialog.getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('dialog').getByText('Revoked').first().waitFor()
  await soon(async () => (await call()).status).toBe(401)
  await close()
})

test('rotating shows the new text once, and the old key says who still uses it', async () => {
  const key = await makeKey(world, project, 'write', { name: 'to rotate' })
  const { page, close } = await enter(browser, url, ana, `${at}?open=${key.id}`)
  await page.getByRole('button', { name: 'Rotate…' }).click()
  await page.getByLabel('The old key works on for').selectOption('3600')
  await page.getByRole('button', { name: 'Rotate key' }).click()
  const text = (await page.getByText(/^otw_[A-Za-z0-9_-]+$/).textContent()) ?? 'none'
  await page.keyboard.press('Escape')
  expect(await page.getByText(text, { exact: true }).count()).toBe(1)
  const with_ = (each: string) => fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${each}` } })
  expect([(await with_(text)).status, (await with_(key.key)).status]).toEqual([200, 200])
  await page.getByLabel('I have stored it').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await page.reload()
  await page.getByText('The old key is still used by 127.0.0.1').first().waitFor()
  await close()
})

test('the new text still stands there when the old key ends at once', async () => {
  const key = await makeKey(world, project, 'write', { name: 'to replace' })
  const { page, close } = await enter(browser, url, ana, `${at}?open=${key.id}`)
  await page.getByRole('button', { name: 'Rotate…' }).click()
  await page.getByLabel('The old key works on for').selectOption('0')
  await page.getByRole('button', { name: 'Rotate key' }).click()
  const text = (await page.getByText(/^otw_[A-Za-z0-9_-]+$/).textContent()) ?? 'none'
  // The drawer behind it has heard of the end: there is nothing left to do with the old key.
  await page.getByRole('button', { name: 'Rotate…', includeHidden: true }).waitFor({ state: 'detached' })
  expect(await page.getByText(text, { exact: true }).count()).toBe(1)
  await page.getByLabel('I have stored it').check()
  await page.getByRole('button', { name: 'Done' }).click()
  expect((await fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${text}` } })).status).toBe(200)
  await close()
})

test('a member is told which role sees keys', async () => {
  const member = await makePerson(world, project, 'MEMBER')
  const { page, close } = await enter(browser, url, member, at)
  await page.getByText('needs the role ADMIN').waitFor()
  await close()
})

test('scripts in names and descriptions of keys run nowhere', async () => {
  const hostile = await makeProject(world)
  const person = await makePerson(world, hostile)
  for (const text of payloads.slice(0, 45)) await makeKey(world, hostile, 'write', { name: text.slice(0, 100) })
  const { page, misdeeds, close } = await enter(browser, url, person, `/p/${hostile.id}/keys`)
  await soon(() => page.locator('[data-row]').count()).toBe(45)
  await page.locator('[data-row]').first().click()
  await page.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('button', { name: 'Revoke key' }).waitFor()
  expect(await misdeeds.refused()).toEqual([])
  expect([misdeeds.dialogs, misdeeds.errors]).toEqual([[], []])
  await close()
})
