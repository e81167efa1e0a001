import { expect, test } from 'vitest'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()

/** A project whose keys are used. */
async function used() {
  const project = await makeProject(world)
  const person = await makePerson(world, project)
  const one = await makeKey(world, project, 'write', { name: 'one' })
  const two = await makeKey(world, project, 'write', { name: 'two' })
  const call = (key: string, path: string) => fetch(url + path, { headers: { authorization: `Bearer ${key}` } })
  return { person, one, two, call, at: `/p/${project.id}/keys?tab=log` }
}

const rows = 'tbody [data-row]'

test('requests appear while one looks, and none does while it is paused', async () => {
  const { person, one, call, at } = await used()
  const { page, close } = await enter(browser, url, person, at)
  await page.getByText('No request yet').waitFor()
  await call(one.key, '/v1/keys')
  await soon(() => page.locator(rows).count()).toBe(1)
  await page.getByRole('button', { name: 'Pause' }).click()
  await call(one.key, '/v1/keys')
  await page.waitForTimeout(5000)
  expect(await page.locator(rows).count()).toBe(1)
  await page.getByRole('button', { name: 'Follow' }).click()
  await soon(() => page.locator(rows).count()).toBe(2)
  await page.getByText('Rows are kept for 30 days.').waitFor()
  await close()
})

test('filters stand in the address: by key, and only what was refused', async () => {
  const { person, one, two, call, at } = await used()
  await call(one.key, '/v1/keys')
  await call(two.key, '/v1/keys')
  await call(two.key, '/v1/key/none')
  const { page, close } = await enter(browser, url, person, at)
  await soon(() => page.locator(rows).count()).toBe(3)
  await page.getByLabel('Key', { exact: true }).selectOption(two.id)
  await soon(() => page.locator(rows).count()).toBe(2)
  await page.getByLabel('Only refused or failed').check()
  await soon(() => page.locator(rows).count()).toBe(1)
  await page.getByText('404 NOT_FOUND').waitFor()
  expect(page.url()).toContain(`key=${two.id}`)
  await page.reload()
  await soon(() => page.locator(rows).count()).toBe(1)
  await close()
})

test('a row opens with its facts, and says that no body was kept', async () => {
  const { person, one, call, at } = await used()
  const reply = await call(one.key, '/v1/key/none')
  const id = reply.headers.get('x-request-id')
  const { page, close } = await enter(browser, url, person, at)
  await page.locator(rows).first().click({ timeout: 15_000 })
  const drawer = page.getByRole('dialog')
  await drawer.getByText('Not kept').first().waitFor()
  if (id) await drawer.getByText(id).waitFor()
  expect(await page.content()).not.toContain(one.key)
  await page.keyboard.press('Escape')
  await soon(() => page.evaluate(() => document.activeElement?.hasAttribute('data-row'))).toBe(true)
  await close()
})
