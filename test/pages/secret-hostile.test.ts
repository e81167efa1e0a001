import { expect, test } from 'vitest'
import { makeAsker, makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'
import { payloads } from './payloads.ts'
import { askFor, shareLinks, shareSealed } from './secret-links.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { actor } = await makeAsker(world)

test('120 payloads in every text of the three pages run nothing and are shown as text', async () => {
  const { page, misdeeds, close } = await visit(browser, `${url}/`)
  const inert = () =>
    page.evaluate(() => ({
      // Mantine writes its variables into a sheet of its own.
      elements: document.querySelectorAll(
        '#root script, #root iframe, #root img, #root object, #root a, #root style:not([data-mantine-styles])',
      ).length,
      handlers: [...document.querySelectorAll('#root *')].flatMap((each) =>
        each.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc'),
      ),
      marked: Boolean((window as { __hit?: boolean }).__hit),
    }))
  const nothing = { elements: 0, handlers: [], marked: false }
  const all = payloads.join('\n')
  const name = '<img src=x onerror=alert(1)>'
  const hostile = await makeKey(world, await makeProject(world, `${name} ${Math.random()}`), 'write', { name })
  for (const [head, tail] of [
    [payloads[0] ?? '', payloads.slice(0, 40)],
    [name, payloads.slice(40)],
  ] as const) {
    const ask = await askFor(world, hostile.actor, { title: head, note: tail.join('\n').slice(0, 1900) })
    await page.goto(url + ask.path)
    await page.getByRole('button', { name: 'Send the secret' }).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(head)
    expect(await inert()).toEqual(nothing)
    const made = await shareLinks(world, hostile.actor, { memo: head.slice(0, 200) })
    await page.goto(url + made.receipt)
    await page.getByText(head, { exact: true }).first().waitFor()
    expect(await inert()).toEqual(nothing)
  }
  const file = { name: `${name}\u202e`, type: 'text/html', bytes: 1 }
  for (const path of [
    (await shareLinks(world, actor, { secret: all })).path,
    (await shareSealed(world, actor, { text: all, file })).path,
  ]) {
    await page.goto(url + path)
    await press(page, 'Reveal the secret')
    await press(page, 'Show')
    expect(await page.locator('pre').textContent()).toBe(all)
    expect(await inert()).toEqual(nothing)
  }
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  await close()
})

test('GET and HEAD of the pages are the same for every key, may not be kept or listed, and change nothing', async () => {
  const one = await shareLinks(world, actor)
  const ask = await askFor(world, actor)
  const plain = (text: string) => text.replace(/nonce="[^"]+"/g, '')
  for (const [path, wrong, title] of [
    [one.path, '/s/cut', 'One-time secret'],
    [one.receipt, `/private/${'0'.repeat(31)}`, 'Receipt of a secret'],
    [ask.path, '/r/', 'A secret is asked for'],
  ] as const) {
    const texts = await Promise.all([path, wrong].map(async (each) => (await fetch(url + each)).text()))
    expect(new Set(texts.map(plain)).size).toBe(1)
    expect(texts[0]).toContain(`<meta property="og:title" content="${title}"`)
    for (let looks = 0; looks < 5; looks++)
      for (const method of ['GET', 'HEAD'])
        await fetch(url + path, {
          method,
          headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0', 'sec-purpose': 'prefetch' },
        })
    const { status, headers } = await fetch(url + path, { method: 'HEAD' })
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(
        /default-src 'none'.*script-src 'self' 'nonce-.*connect-src 'self'/,
      ),
    })
    expect(headers.get('set-cookie')).toBeNull()
  }
  // Seed 4's clients build this address.
  const moved = await fetch(`${url}/secret/${one.secret_key}`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location'), moved.headers.get('x-robots-tag')]).toEqual([
    303,
    one.path,
    'noindex, nofollow, noarchive',
  ])
  const foreign = await fetch(`${url}/secret/${encodeURIComponent('//evil.example/')}`, { redirect: 'manual' })
  expect(foreign.headers.get('location')).toBe('/s/%2F%2Fevil.example%2F')
  // Not even `viewed`, which a look at its metadata over the API makes of it.
  const [row] = await world.db.sql`select state from secrets where id = ${one.id}`
  expect([row?.state, (await ask.open()).status]).toEqual(['new', 'open'])
})

test('a scanner that runs the pages, scrolls and waits uses nothing up', async () => {
  const one = await shareLinks(world, actor)
  const ask = await askFor(world, actor)
  const { page, close } = await visit(browser, url + one.path, { userAgent: 'Mozilla/5.0 SafeLinks' })
  for (const path of [one.path, one.receipt, ask.path, `/secret/${one.secret_key}`]) {
    await page.goto(url + path)
    await page.getByRole('button').first().waitFor()
    await page.mouse.wheel(0, 2000)
    await page.hover('button')
    await page.waitForTimeout(700)
  }
  await shows(page, 'A secret is waiting for you')
  expect(page.url()).toBe(url + one.path)
  expect([(await one.open()).status, (await ask.open()).status]).toEqual(['waiting', 'open'])
  await close()
})
