import { createServer } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()

/** Every payload in every text that a caller can put on the page. */
async function askWith(texts: string[]) {
  const all = texts.join('\n\n')
  const short = (texts[0] ?? '').slice(0, 80)
  const project = await makeProject(world, `${short} ${Math.random()}`.slice(0, 100))
  const { actor } = await makeKey(world, project, 'write', { name: short })
  return makeApproval(world, actor, {
    info: all.slice(0, 3900),
    ref_id: short,
    payload: Object.fromEntries(texts.map((text, at) => [`${at} ${text}`, text])),
    actions: texts
      .slice(0, 3)
      .map((text, at) => ({ key: `k${at}`, value: text, label: text.slice(0, 80), style: '#ff6b6b' })),
  })
}

test('120 payloads in every text run nothing, are refused nothing, and are shown as text', async () => {
  expect(payloads.length).toBeGreaterThanOrEqual(120)
  const { page, misdeeds, close } = await visit(browser, 'about:blank')
  for (let at = 0; at < payloads.length; at += 24) {
    const texts = payloads.slice(at, at + 24)
    const { token } = await askWith(texts)
    await page.goto(`${url}/a/${token}`)
    await shows(page, 'Your decision on')
    const found = await page.evaluate(() => ({
      scripts: [
        ...document.querySelectorAll(
          '#root script, #root iframe, #root img, #root object, #root style:not([data-mantine-styles]), #root svg script',
        ),
      ].length,
      handlers: [...document.querySelectorAll('#root *')].flatMap((each) =>
        each.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc'),
      ),
      targets: [...document.querySelectorAll<HTMLAnchorElement>('#root a')].filter(
        (link) =>
          !/^https?:$/.test(link.protocol) || !link.rel.includes('noopener') || !link.rel.includes('noreferrer'),
      ).length,
      marked: Boolean((window as { __hit?: boolean }).__hit),
    }))
    expect(found).toEqual({ scripts: 0, handlers: [], targets: 0, marked: false })
    expect(await page.locator('dl').first().textContent()).toContain(texts.at(-1))
    expect(await misdeeds.refused()).toEqual([])
  }
  expect(misdeeds.dialogs).toEqual([])
  expect(misdeeds.errors).toEqual([])
  expect(misdeeds.strayed.filter((each) => !each.startsWith(url))).toEqual([])
  await close()
})

test('the harness sees a script that does run', async () => {
  const { page, misdeeds, close } = await visit(browser, 'about:blank')
  await page.setContent('<img src="x" onerror="alert(1)">')
  await expect.poll(() => misdeeds.dialogs).toEqual(['1'])
  await close()
})

test('the token stays in the address: not in the title, the storage, or a Referer', async () => {
  const { token } = await askWith(['plain'])
  const { page, context, close } = await visit(browser, 'about:blank')
  const referers: (string | undefined)[] = []
  page.on('request', (request) => void referers.push(request.headers().referer))
  await page.goto(`${url}/a/${token}`)
  await shows(page, 'Your decision on')
  const kept = await page.evaluate(() =>
    JSON.stringify([document.title, { ...localStorage }, { ...sessionStorage }, document.cookie]),
  )
  expect(kept).not.toContain(token)
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  expect(JSON.stringify(await context.cookies())).not.toContain(token)
  expect(referers.filter(Boolean)).toEqual([])
  await close()
})

test('another page cannot frame it', async () => {
  const { token } = await askWith(['plain'])
  const framer = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<iframe src="${url}/a/${token}"></iframe>`)
  })
  await new Promise<void>((resolve) => framer.listen(0, '127.0.0.1', resolve))
  afterAll(() => framer.close())
  const address = framer.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { page, close } = await visit(browser, `http://127.0.0.1:${port}/`)
  await page.waitForTimeout(1000)
  expect(
    await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.content()),
    ),
  ).not.toContainEqual(expect.stringContaining('Countersign'))
  expect(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.url()),
  ).toEqual(['chrome-error://chromewebdata/'])
  await close()
})

test('a scanner that loads the page, runs its scripts, scrolls and waits decides nothing', async () => {
  const project = await makeProject(world)
  const { actor } = await makeKey(world, project)
  const made = await Promise.all(Array.from({ length: 6 }, () => makeApproval(world, actor)))
  const visits = await Promise.all(
    made.map(({ token }) => visit(browser, `${url}/a/${token}`, { userAgent: 'Mozilla/5.0 SafeLinks' })),
  )
  await Promise.all(
    visits.map(async ({ page }) => {
      await shows(page, 'Your decision on')
      await page.mouse.wheel(0, 2000)
      await page.hover('button')
      await page.waitForTimeout(4000)
    }),
  )
  for (const { approval_id } of made)
    expect((await as(world, actor).approvals.get({ approval_id })).status).toBe('pending')
  await Promise.all(visits.map(({ close }) => close()))
})

test('GET and HEAD of the page are the same for every token and touch nothing', async () => {
  const { token } = await askWith(['plain'])
  const plain = (text: string) => text.replace(/nonce="[^"]+"/g, '')
  const pages = await Promise.all(
    [token, '0'.repeat(26), 'x'].map(async (each) => (await fetch(`${url}/a/${each}`)).text()),
  )
  expect(new Set(pages.map(plain)).size).toBe(1)
  expect(new Set(pages).size).toBe(3)
  const reply = await fetch(`${url}/a/${token}`, { method: 'HEAD' })
  expect(reply.status).toBe(200)
  const headers = Object.fromEntries(reply.headers)
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': expect.stringContaining('noindex'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })
  expect(headers['content-security-policy']).toMatch(
    /default-src 'none'.*script-src 'self' 'nonce-.*frame-ancestors 'none'/,
  )
  expect(headers['set-cookie']).toBeUndefined()
  expect(pages[0]).toContain('<meta property="og:title" content="Approval request"')
})

test('assets come compressed and are kept for good by browsers', async () => {
  const [, asset] = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(`${url}/`)).text()) ?? []
  const reply = await fetch(url + asset)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(reply.headers.get('content-type')).toMatch(/javascript/)
  for (const encoding of ['br', 'gzip']) {
    const packed = await fetch(url + asset, { headers: { 'accept-encoding': encoding } })
    expect(packed.headers.get('content-encoding')).toBe(encoding)
    expect(packed.headers.get('vary')).toBe('accept-encoding')
    expect(packed.headers.get('content-type')).toMatch(/javascript/)
  }
  expect((await fetch(`${url}/assets/none.js`)).status).toBe(404)
  for (const icon of ['/favicon.svg', '/favicon.ico'])
    expect((await fetch(url + icon)).headers.get('content-type')).toContain('svg')
})
