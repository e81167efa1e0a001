import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { actor } = await makeAsker(world)
const noScript = { javaScriptEnabled: false }

const ask = async (wish: Parameters<typeof makeApproval>[2] = {}) => {
  const made = await makeApproval(world, actor, wish)
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, read, link: `${url}/a/${made.token}` }
}

test('without scripts the page leads to its plain version, and a press there decides', async () => {
  const one = await ask({ info: 'Deploy **v2**', comment: 'required' })
  const { page, close } = await visit(browser, one.link, noScript)
  await page.getByRole('link', { name: 'Open the plain version' }).click()
  expect(page.url()).toBe(`${one.link}/plain`)
  await page.getByText('Deploy **v2**').waitFor()
  await page.getByRole('button', { name: 'approve', exact: false }).first().click()
  await page.getByRole('alert').getByText('asks for a comment').waitFor()
  await page.getByLabel('Comment').fill('Checked.')
  await page.getByRole('button', { name: 'approve', exact: false }).first().click()
  await shows(page, /You answered “approve”/i)
  expect((await one.read()).decision?.comment).toBe('Checked.')
  await close()
})

test('a dangerous action takes two presses, and Enter in a field none', async () => {
  const one = await ask({ pin: '4829', actions: [{ key: 'no', value: 'no', label: 'Reject', style: 'danger' }] })
  const { page, close } = await visit(browser, `${one.link}/plain`, noScript)
  await page.getByLabel('PIN').fill('4829')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(300)
  expect((await one.read()).status).toBe('pending')
  expect(await page.getByRole('button', { name: 'Really “Reject”' }).isVisible()).toBe(false)
  await page.getByText('Reject (asks again)').click()
  await page.getByRole('button', { name: 'Really “Reject”' }).click()
  await shows(page, 'You answered “Reject”')
  await close()
})

test('a wrong PIN is counted and said, and the request can be reported', async () => {
  const one = await ask({ pin: '4829' })
  const { page, close } = await visit(browser, `${one.link}/plain`, noScript)
  await page.getByLabel('PIN').fill('0000')
  await page.getByRole('button', { name: 'approve', exact: false }).first().click()
  await page.getByRole('alert').getByText('The PIN is wrong.').waitFor()
  await page.getByLabel('PIN (4 attempts left)').waitFor()
  await page.getByText('This wasn’t expected').click()
  await page.getByRole('button', { name: 'Report it' }).click()
  await shows(page, 'This request was reported')
  expect(await one.read()).toMatchObject({ status: 'invalidated', reported: true })
  await close()
})

test('reading decides nothing, and a post from another site or without the token is refused', async () => {
  const one = await ask()
  for (const method of ['GET', 'HEAD']) expect((await fetch(`${one.link}/plain`, { method })).status).toBe(200)
  const { action_hash } = await one.read()
  const post = (headers: Record<string, string>) =>
    fetch(`${one.link}/plain`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ action: 'approve', action_hash, csrf_token: 'guessed' }),
    })
  expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(403)
  expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
  expect((await one.read()).status).toBe('pending')
})

test('hostile text stays text, and the page has no fault and no script', async () => {
  const one = await ask({
    info: payloads.join('\n').slice(0, 3900),
    ref_id: payloads[0],
    payload: { [`${payloads[1]}`]: payloads[2] },
    actions: [{ key: 'a', value: 'a', label: payloads[5] ?? '' }],
  })
  const { page, misdeeds, response, close } = await visit(browser, `${one.link}/plain`)
  expect(response?.headers()['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'nonce-[^']+'; img-src 'self'; form-action 'self'/,
  )
  expect(response?.headers()['content-security-policy']).not.toContain('script')
  expect(await page.locator('main script, main img, main iframe, main svg').count()).toBe(0)
  expect(misdeeds.dialogs).toEqual([])
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 320, height: 640 })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)])).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('a link that leads nowhere says so with 404', async () => {
  for (const token of ['0'.repeat(26), 'nonsense']) {
    const reply = await fetch(`${url}/a/${token}/plain`)
    expect(reply.status).toBe(404)
    expect(await reply.text()).toContain('This link leads nowhere')
  }
})
