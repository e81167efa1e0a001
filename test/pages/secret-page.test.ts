import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'
import { armed, openBrowser, press, shows, visit } from './browser.ts'
import { enter, soon } from './inside.ts'
import { posts, shareLinks, traces } from './secret-links.ts'

const { world, url } = await serve()
const limited = await serve({ RATE_LIMITS: '*=1000000/60,passphrase try=2/600' })
const browser = await openBrowser()
const { actor, project } = await makeAsker(world)

const share = (wish: Parameters<typeof shareLinks>[2] = {}) => shareLinks(world, actor, wish)
const value = 'user:  deploy\n\tpässword “p@ss  word” 🔑\u2028end \n'

test('a press shows the secret hidden, then to the byte, and leaves no trace of it', async () => {
  const one = await share({ secret: value })
  const { page, misdeeds, close } = await visit(browser, url + one.path)
  await shows(page, 'A secret is waiting for you')
  expect(await page.title()).toBe('One-time secret')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  await press(page, 'Reveal the secret')
  await shows(page, 'Here is the secret')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  expect(await traces(page)).not.toContain('pässword')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await page.locator('pre').textContent()).toBe(value)
  // What says so stands beside the text, which stays as it is.
  await page.getByText('characters that cannot be seen').waitFor()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  const file = await saved
  expect(file.suggestedFilename()).toBe('secret.txt')
  expect(Buffer.concat(await (await file.createReadStream()).toArray()).toString()).toBe(value)
  // A tab that is left for a password manager hides it and keeps it.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.locator('pre').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Show' }).click()
  await page.locator('pre').waitFor()
  await page.getByRole('button', { name: 'Clear now' }).click()
  await shows(page, 'You read this secret, and it is cleared')
  expect(await traces(page)).not.toContain('pässword')
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(await misdeeds.refused()).toEqual([])
  expect((await one.open()).status).toBe('received')
  await close()
})

test('a page that is left is drawn without the secret, and the way back does not bring it', async () => {
  const one = await share({ secret: 'canary-of-leaving' })
  const { page, close } = await visit(browser, url + one.path)
  await press(page, 'Reveal the secret')
  await press(page, 'Show')
  expect(await traces(page)).toContain('canary-of-leaving')
  const left = await page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    return document.documentElement.outerHTML
  })
  expect(left).not.toContain('canary-of-leaving')
  await page.goto(`${url}/`)
  await page.goBack()
  await shows(page, /read already|cleared/)
  expect(await traces(page)).not.toContain('canary-of-leaving')
  await close()
})

test('it is cleared after five minutes, told at 60 and at 10 seconds, and can be kept for five more', async () => {
  const one = await share()
  const { page, close } = await visit(browser, 'about:blank')
  await page.clock.install()
  await page.goto(url + one.path)
  await page.getByRole('button', { name: 'Reveal the secret' }).waitFor()
  await page.clock.runFor(1000)
  await page.getByRole('button', { name: 'Reveal the secret' }).click()
  await shows(page, 'Here is the secret')
  await page.clock.fastForward('04:02')
  await page.getByText('cleared from this page in 60 seconds').waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Keep it 5 more minutes' }).click()
  await page.clock.fastForward('04:30')
  await shows(page, 'Here is the secret')
  await page.clock.fastForward('00:22')
  await page.getByText('cleared from this page in 10 seconds').waitFor({ state: 'attached' })
  await page.clock.fastForward('00:12')
  await shows(page, 'it is cleared')
  await close()
})

test('a wrong passphrase uses nothing up and says how many tries are left; the right one opens', async () => {
  const { actor: asker } = await makeAsker(limited.world)
  const one = await shareSecret(limited.world, asker, { passphrase: 'open sesame' })
  const other = await shareSecret(limited.world, asker, { passphrase: 'open sesame' })
  const { page, close } = await visit(browser, `${limited.url}/s/${one.secret_key}`)
  const field = page.getByLabel('Passphrase', { exact: true })
  await page.getByText('2 tries left for your network').waitFor()
  await press(page, 'Reveal the secret')
  await page.getByText('Enter the passphrase.').waitFor()
  await field.fill('wrong')
  await press(page, 'Reveal the secret')
  await page.getByText('That passphrase is wrong. The secret is still there.').waitFor()
  await page.getByText('One try left').waitFor()
  expect(await field.inputValue()).toBe('')
  await field.fill('open sesame')
  await field.press('Enter')
  await shows(page, 'Here is the secret')
  await page.goto(`${limited.url}/s/${other.secret_key}`)
  for (const _ of [1, 2, 3]) {
    await field.fill('wrong')
    await press(page, 'Reveal the secret')
    await page.getByText(/That passphrase is wrong|Too many tries/).waitFor()
  }
  expect(await page.getByRole('button', { name: /^Try again in \d+ min/ }).isDisabled()).toBe(true)
  expect((await other.open()).status).toBe('waiting')
  await close()
})

test('a double click reveals once, and of two tabs one gets it and the other is told', async () => {
  const one = await share()
  const { page, context, close } = await visit(browser, url + one.path)
  const second = await context.newPage()
  await second.goto(url + one.path)
  await shows(second, 'waiting')
  const sent = posts(page)
  await shows(page, 'waiting')
  await armed(second)
  await page.getByRole('button', { name: 'Reveal the secret' }).dblclick()
  await shows(page, 'Here is the secret')
  expect(sent).toHaveLength(1)
  await second.getByRole('button', { name: 'Reveal the secret' }).click()
  await shows(second, 'This secret was read already')
  expect(await second.locator('[aria-live=assertive]').textContent()).toContain('read already')
  await close()
})

test('a reply that was lost is asked for again by the same name, and nothing is lost', async () => {
  const one = await share({ secret: 'came late' })
  const { page, close } = await visit(browser, url + one.path)
  const names: unknown[] = []
  await page.route('**/secrets.reveal*', async (route) => {
    const request = route.request()
    names.push(JSON.parse(request.postData() ?? '{}').replay)
    if (names.length > 1) return route.continue()
    const reply = await fetch(request.url(), {
      method: 'POST',
      headers: { ...(await request.allHeaders()), origin: url },
      body: request.postData(),
    })
    expect(reply.status).toBe(200)
    await route.abort()
  })
  await press(page, 'Reveal the secret')
  await shows(page, 'Here is the secret')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await page.locator('pre').textContent()).toBe('came late')
  expect(names).toEqual([names[0], names[0]])
  expect(names[0]).toMatch(/^[0-9a-f]{40}$/)
  await close()
})

test('whoever made it is warned: signed in, or a guest in the browser where it was made', async () => {
  const person = await makePerson(world, project)
  const mine = await shareLinks(world, person.actor)
  const inside = await enter(browser, url, person, mine.path)
  await inside.page.getByText('You made this secret.').waitFor()
  await inside.page.getByRole('button', { name: 'Read it anyway and use it up' }).waitFor()
  await inside.close()
  const guests = await share()
  const { page, close } = await visit(browser, url + mine.path)
  await shows(page, 'waiting')
  expect(await page.getByText('You made this secret.').count()).toBe(0)
  const digest = createHash('sha256').update(guests.secret_key).digest('hex')
  await page.evaluate((made) => localStorage.setItem('countersign made', JSON.stringify(['0', made])), digest)
  await page.goto(url + guests.path)
  await page.getByText('You made this secret.').waitFor()
  expect((await guests.open()).status).toBe('waiting')
  await soon(async () => (await mine.open()).status).toBe('waiting')
  await close()
})
