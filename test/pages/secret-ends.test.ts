import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'
import { askFor, askSealed, posts, shareFile, shareLinks, shareSealed } from './secret-links.ts'

const { world, url } = await serve()
const keyring = mkdtempSync(join(tmpdir(), 'countersign no keys '))
afterAll(() => rmSync(keyring, { recursive: true, force: true }))
// A node of the same instance that lacks the keys in files, and lets nobody look twice.
const blind = await serve({ KEYRING_DIR: keyring, RATE_LIMITS: 'secret=3/60' }, { address: world.address })
const browser = await openBrowser()
const { actor } = await makeAsker(world)

test('each end is told apart, with what to do next, on a page that was open and on one opened later', async () => {
  const [read, burned, expired] = [
    await shareLinks(world, actor),
    await shareLinks(world, actor),
    await shareLinks(world, actor),
  ]
  const { page, close } = await visit(browser, url + burned.path)
  await shows(page, 'waiting')
  await burned.burnByReceipt()
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await shows(page, 'This secret was burned')
  expect(await page.locator('[aria-live=assertive]').textContent()).toContain('was burned')
  expect(await page.title()).toBe('Burned · One-time secret')
  await read.reveal()
  await page.goto(url + read.path)
  await shows(page, 'This secret was read already')
  await page.getByText('tell whoever sent it').waitFor()
  await world.db.sql`update secrets set expires_at = now() where id = ${expired.id}`
  await page.goto(url + expired.path)
  await shows(page, 'This secret has expired')
  await page.goto(`${url}/s/${'0'.repeat(31)}`)
  await shows(page, 'This link leads nowhere')
  const asked: string[] = []
  page.on('request', (request) => void (/trpc/.test(request.url()) && asked.push(request.url())))
  for (const cut of [read.path.slice(0, -1), '/s/', `${read.path}x`]) {
    await page.goto(url + cut)
    await shows(page, 'This link is incomplete')
  }
  expect(asked).toEqual([])
  await close()
})

test('a secret whose time runs out on an open page is expired by the server’s clock', async () => {
  const one = await shareLinks(world, actor)
  await world.db.sql`update secrets set expires_at = now() + interval '10 seconds' where id = ${one.id}`
  const { page, close } = await visit(browser, 'about:blank')
  await page.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() - 7_200_000
  })
  await page.goto(url + one.path)
  await page.getByText('10 seconds left.').waitFor({ state: 'attached' })
  await shows(page, 'This secret has expired')
  await close()
})

test('a link whose key was cut off uses nothing up; the whole one opens, and its key leaves the address', async () => {
  const one = await shareSealed(world, actor, { text: 'for your eyes' })
  const { page, close } = await visit(browser, 'about:blank')
  const sent = posts(page)
  for (const cut of [one.path.slice(0, -1), one.bare, `${one.path}A`]) {
    await page.goto(url + cut)
    await shows(page, 'This link is incomplete')
    await page.goto('about:blank')
  }
  expect(sent).toEqual([])
  expect((await one.open()).status).toBe('waiting')
  await page.goto(url + one.bare)
  await shows(page, 'This link is incomplete')
  // Pasted over it: only what is behind # changes, and no page is loaded for that.
  await page.evaluate((hash) => location.assign(hash), `#${one.path.split('#')[1]}`)
  await press(page, 'Reveal the secret')
  await press(page, 'Show')
  expect(await page.locator('pre').textContent()).toBe('for your eyes')
  expect(page.url()).toBe(url + one.bare)
  expect(sent).toHaveLength(1)
  expect(sent[0]).not.toContain(one.path.split('#')[1])
  await close()
})

test('a link put together from two says so after it was used up', async () => {
  const one = await shareSealed(world, actor, { text: 'one' })
  const other = await shareSealed(world, actor, { text: 'other' })
  const { page, close } = await visit(browser, `${url}${one.bare}#${other.path.split('#')[1]}`)
  await press(page, 'Reveal the secret')
  await shows(page, 'This link’s key does not open this secret')
  await close()
})

test('a file waits until it has arrived, and is saved to the byte under a harmless name', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_000))
  const one = await shareFile(url, world, actor, '../re\u202eport<b>.txt', bytes)
  const { page, misdeeds, close } = await visit(browser, url + one.path)
  await shows(page, 'still on its way')
  await one.send()
  await shows(page, 'A secret is waiting for you')
  await page.getByText('A file comes with it.').waitFor()
  await press(page, 'Reveal the secret')
  await page.getByText('../re⟨U+202E⟩port<b>.txt').waitFor()
  for (const _ of ['once', 'and again']) {
    const saved = page.waitForEvent('download')
    await press(page, 'Download the file')
    const file = await saved
    expect(file.suggestedFilename()).toMatch(/^[^/\\\u202e]+\.txt$/)
    expect(Buffer.concat(await (await file.createReadStream()).toArray())).toEqual(Buffer.from(bytes))
  }
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('the link of who asked waits for the answer and opens it, plain and browser-encrypted', async () => {
  const [plain, sealed] = [await askFor(world, actor), await askSealed(world, actor)]
  for (const [ask, give] of [
    [plain, () => plain.answer('the answer')],
    [sealed, () => sealed.answerSealed('the answer')],
  ] as const) {
    const { page, close } = await visit(browser, url + ask.kept)
    await shows(page, 'Your answer is not there yet')
    await give()
    await shows(page, 'A secret is waiting for you')
    await press(page, 'Reveal the secret')
    await press(page, 'Show')
    expect(await page.locator('pre').textContent()).toBe('the answer')
    await close()
  }
})

test('while a key of ours is missing the link stays intact, and too many looks say when to come back', async () => {
  const one = await shareSecret(world, actor)
  const { page, close } = await visit(browser, `${blind.url}/s/${one.secret_key}`)
  await press(page, 'Reveal the secret')
  await page.getByText('cannot be decrypted right now').waitFor()
  expect((await one.open()).status).toBe('waiting')
  await page.reload()
  await shows(page, 'Too many looks at once')
  await page.getByText(/tries again by itself in \d+ s\./).waitFor()
  await close()
})

test('a page without a connection says so, and goes on by itself when it is back', async () => {
  const one = await shareLinks(world, actor)
  const { page, close } = await visit(browser, 'about:blank')
  await page.route('**/trpc/**', (route) => route.abort())
  await page.goto(url + one.path)
  await shows(page, 'The service cannot be reached')
  await page.unroute('**/trpc/**')
  await shows(page, 'A secret is waiting for you')
  await close()
})
