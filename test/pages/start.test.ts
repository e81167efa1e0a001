import { expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'

const { url } = await serve({ DEMO: 'on' })
const off = await serve({ DEMO: 'off' })
const browser = await openBrowser()

test('the demo is tried without a key, and its steps tick themselves when the approval is answered', async () => {
  const { page, context, misdeeds, close } = await visit(browser, url)
  await shows(page, 'One place where scripts, CI jobs and AI agents meet a human.')
  await press(page, 'Create an approval link')
  await page.getByText('has no value yet').waitFor()
  const opening = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Open the approval' }).click()
  const approval = await opening
  await approval.getByRole('heading', { name: /Your decision on/ }).waitFor()
  const first = approval.locator('form button', { hasText: /approve/i }).first()
  await first.waitFor()
  await approval.waitForTimeout(550)
  await first.click()
  await approval.getByRole('heading', { name: /You answered/ }).waitFor()
  await page.getByText(/demo\/test is now approved/).waitFor()
  expect(await page.locator('li[data-state=done]').count()).toBe(3)
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('with the demo off the page shows how to make a key, and asks for nothing', async () => {
  const { page, misdeeds, close } = await visit(browser, off.url)
  await page.getByText('npm run -s cli -- project:create --name demo').waitFor()
  expect(await page.getByText('Try it now').count()).toBe(0)
  expect(await page.getByText(`curl -X POST ${off.url}/v1/approvals`).count()).toBe(1)
  expect(await page.getByRole('link', { name: 'Docs' }).getAttribute('href')).toBe('/docs')
  expect(await page.getByRole('link', { name: 'OpenAPI' }).getAttribute('href')).toBe('/openapi.json')
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('a line is copied, and selected instead where the browser refuses the clipboard', async () => {
  const { page, context, close } = await visit(browser, off.url)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy the commands that make a key' }).click()
  await page.getByText('Copied.').waitFor({ state: 'attached' })
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    'key:create --project demo --preset write',
  )
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
  })
  await page.getByRole('button', { name: 'Copy the command that creates an approval' }).click()
  await page.getByText('Selected; copy it with your keyboard.').waitFor({ state: 'attached' })
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('/v1/approvals')
  await close()
})

test('too many demos say when to try again', async () => {
  const strict = await serve({ DEMO: 'on', RATE_LIMITS: 'public demo=1/60' })
  await makeAsker(strict.world)
  const { page, close } = await visit(browser, strict.url)
  await press(page, 'Create an approval link')
  await page.getByText('has no value yet').waitFor()
  await press(page, 'Start again')
  await page.getByText(/That was a lot of demos\. Try again in \d+ s\./).waitFor()
  await close()
})
