import { expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'
import { soon } from './inside.ts'
import { askFor, askSealed, posts, shareLinks, shareSealed, traces } from './secret-links.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { actor } = await makeAsker(world)

test('a receipt shows both links, follows what becomes of the secret, and ends there', async () => {
  const one = await shareLinks(world, actor, { memo: 'for Kim', passphrase: 'open sesame' })
  const { page, misdeeds, close } = await visit(browser, url + one.receipt)
  await shows(page, 'Your secret is waiting to be read')
  for (const heading of ['Share this link', 'Private receipt, keep'])
    await page.getByRole('heading', { name: heading }).waitFor()
  for (const text of [`${url}${one.path}`, `${url}${one.receipt}`, 'for Kim', 'Needed to read it'])
    await page.getByText(text, { exact: true }).waitFor()
  await page.getByText('Show it as a QR code').click()
  await page.getByRole('img', { name: 'QR code of the link to share' }).waitFor()
  expect((await one.open()).status).toBe('waiting')
  await one.reveal({ passphrase: 'open sesame' })
  await shows(page, 'Your secret was read')
  expect(await page.locator('[aria-live=assertive]').textContent()).toContain('was read')
  expect(await page.title()).toBe('Read · Receipt of a secret')
  expect(await page.getByRole('button', { name: 'Burn the secret' }).count()).toBe(0)
  expect(await traces(page)).not.toContain('/s/')
  await one.reveal({ passphrase: 'open sesame' }).catch(() => undefined)
  await page.reload()
  await page.getByText('Somebody came for it after it was read.').waitFor()
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('burning asks once more with the focus on Cancel, and of one read meanwhile says that', async () => {
  const [one, other] = [await shareLinks(world, actor), await shareLinks(world, actor)]
  const { page, close } = await visit(browser, url + one.receipt)
  await press(page, 'Burn the secret')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect((await one.open()).status).toBe('waiting')
  await press(page, 'Burn the secret')
  await press(page, 'Burn it')
  await shows(page, 'Your secret was burned')
  expect((await one.open()).status).toBe('burned')
  await page.goto(url + other.receipt)
  await press(page, 'Burn the secret')
  await other.reveal()
  await press(page, 'Burn it')
  await shows(page, 'Your secret was read')
  await close()
})

test('a receipt of what a browser encrypted shows no link that would not open it; a wrong one leads nowhere', async () => {
  const one = await shareSealed(world, actor, { text: 'x' })
  const { page, close } = await visit(browser, url + one.receipt)
  await page.getByText('Only the full link that was shown when the secret was made opens it').waitFor()
  expect(await page.getByText(one.bare).count()).toBe(0)
  await page.goto(`${url}/private/${'0'.repeat(31)}`)
  await shows(page, 'This receipt leads nowhere')
  await page.goto(`${url}/private/cut`)
  await shows(page, 'This link is incomplete')
  await close()
})

test('an answer is given once, counted in bytes, and stays nowhere on the page', async () => {
  const one = await askFor(world, actor, { note: 'In the console.\nUnder API.' })
  const { page, misdeeds, close } = await visit(browser, url + one.path)
  await shows(page, 'The API token of the staging account')
  expect(await page.title()).toBe('A secret is asked for')
  await page.getByText('write key').waitFor()
  const sent = posts(page)
  const field = page.getByLabel('The secret')
  await press(page, 'Send the secret')
  await page.getByText('Enter the secret.').waitFor()
  await field.fill('ü'.repeat(5001))
  await page.getByText('10,002 of 10,000 bytes').waitFor()
  await press(page, 'Send the secret')
  await page.getByText('Must be at most 10000 bytes.').waitFor()
  expect(sent).toEqual([])
  await field.fill(' päss\n\tword ')
  await page.getByRole('button', { name: 'Send the secret' }).dblclick()
  await shows(page, 'The secret is sent')
  expect(sent).toHaveLength(1)
  expect(await traces(page)).not.toContain('päss')
  expect((await one.read()).value).toBe(' päss\n\tword ')
  await page.reload()
  await shows(page, 'This was answered already')
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  await close()
})

test('a browser-encrypted answer leaves this page sealed; a link that was cut sends nothing', async () => {
  const one = await askSealed(world, actor)
  const { page, close } = await visit(browser, 'about:blank')
  const sent = posts(page)
  for (const cut of [one.path.slice(0, -1), one.bare]) {
    await page.goto(url + cut)
    await shows(page, 'This link is incomplete')
    expect(await page.getByRole('textbox').count()).toBe(0)
    await page.goto('about:blank')
  }
  await page.goto(url + one.path)
  await page.getByText('It is encrypted here, before it is sent').waitFor()
  // As long as can be, and all of it characters that other formats write longer.
  const long = '"\\ü'.repeat(2500)
  await page.getByLabel('The secret').fill(long)
  await press(page, 'Send the secret')
  await shows(page, 'The secret is sent')
  expect(sent).toHaveLength(1)
  expect(sent[0]).not.toContain('ü')
  await page.goto(url + one.kept)
  await press(page, 'Reveal the secret')
  await press(page, 'Show')
  expect(await page.locator('pre').textContent()).toBe(long)
  await close()
})

test('an ask that has ended says how, also to who has just typed an answer', async () => {
  const [cancelled, expired, taken] = [
    await askFor(world, actor),
    await askFor(world, actor),
    await askFor(world, actor),
  ]
  await world.db.sql`update asks set status = 'cancelled', ended_at = now() where id = ${cancelled.ask_id}`
  await world.db.sql`update asks set expires_at = now() where id = ${expired.ask_id}`
  const { page, close } = await visit(browser, url + cancelled.path)
  await shows(page, 'This is no longer asked for')
  await page.goto(url + expired.path)
  await shows(page, 'This link has expired')
  await page.goto(`${url}/r/${'0'.repeat(26)}`)
  await shows(page, 'This link leads nowhere')
  await page.goto(`${url}/r/cut`)
  await shows(page, 'This link is incomplete')
  await page.goto(url + taken.path)
  await page.getByLabel('The secret').fill('too late')
  await taken.answer('first')
  await press(page, 'Send the secret')
  await shows(page, 'This was answered already')
  expect((await taken.read()).value).toBe('first')
  await close()
})

test('an answer whose reply was lost is said to be there, and one that never arrived can be sent again', async () => {
  const [arrived, lost] = [await askFor(world, actor), await askFor(world, actor)]
  const { page, close } = await visit(browser, url + arrived.path)
  await page.route('**/asks.answer*', async (route) => {
    const request = route.request()
    await fetch(request.url(), {
      method: 'POST',
      headers: { ...(await request.allHeaders()), origin: url },
      body: request.postData(),
    })
    await route.abort()
  })
  await page.getByLabel('The secret').fill('once')
  await press(page, 'Send the secret')
  await shows(page, 'This was answered already')
  await page.getByText('If nobody else has this link, the answer is yours.').waitFor()
  await page.unroute('**/asks.answer*')
  await page.route('**/asks.answer*', (route) => route.abort())
  await page.goto(url + lost.path)
  await page.getByLabel('The secret').fill('again')
  await press(page, 'Send the secret')
  await page.getByText('nothing has arrived').waitFor()
  expect(await page.getByLabel('The secret').inputValue()).toBe('again')
  await page.unroute('**/asks.answer*')
  await press(page, 'Send the secret')
  await shows(page, 'The secret is sent')
  await soon(async () => (await lost.open()).status).toBe('answered')
  await close()
})
