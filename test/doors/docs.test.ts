import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, expect, inject, test } from 'vitest'
import type { Document } from '../../server/http/document/shapes.ts'
import { openapiDocument } from '../../server/http/openapi.ts'
import { operations } from '../../server/http/operations.ts'
import { errors } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { openBrowser, visit } from '../pages/browser.ts'
import { serve } from '../serve.ts'

const run = promisify(execFile)
const { url, world } = await serve({ RATE_LIMITS: 'public demo=3/60' })
const { key } = await makeAsker(world)
const ask = asker(url)
const browser = await openBrowser()

const scratch = mkdtempSync(join(tmpdir(), 'countersign-docs-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const plain = ['', '/errors', '/limits', ...operations.map(({ name }) => `/${name}`)].map(
  (path) => `/docs/plain${path}`,
)

test('/openapi.json is the document with the addresses of this instance', async () => {
  const { status, headers, body } = await ask('GET', '/openapi.json')
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  expect(body).toEqual(JSON.parse(JSON.stringify(openapiDocument(url))))
  expect((body as Document).servers.map((server) => server.url)).toEqual([`${url}/v1`, `${url}/api/v1`])
})

test('the reference and the plain pages have policies of their own, and every header of other replies', async () => {
  const [reference, page] = [await ask('GET', '/docs'), await ask('GET', '/docs/plain')]
  expect(reference.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'")
  expect(page.headers['content-security-policy']).not.toContain('script-src')
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  for (const { status, headers } of [reference, page]) {
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  }
})

test('the program of the reference comes packed or not, and may be kept for good', async () => {
  const [, path = ''] = /<script src="([^"]+)"/.exec((await ask('GET', '/docs')).text) ?? []
  const packed = await ask('GET', path, { headers: { 'accept-encoding': 'gzip, br' } })
  const bare = await ask('GET', path)
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
  expect(Number(packed.headers['content-length'])).toBeLessThan(1_200_000)
  expect(bare.headers['content-encoding']).toBeUndefined()
  expect(bare.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(bare.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(bare.text.length).toBeGreaterThan(3_000_000)
  expect((await ask('GET', path.replace(/-\w+\.js/, '-0000.js'))).status).toBe(404)
})

test('what is not in the document is 404 in the usual shape', async () => {
  const { status, body } = await ask('GET', '/docs/plain/values.nothing')
  expect(status).toBe(404)
  expect(body.code).toBe('NOT_FOUND')
})

test('the start page leads to the reference, the reference to the plain pages', async () => {
  const { page, close } = await visit(browser, url)
  await page.locator('a[href="/docs"]').first().click()
  await page.waitForURL(`${url}/docs`)
  await page.locator('a[href="/docs/plain"]').click()
  await page.waitForURL(`${url}/docs/plain`)
  await close()
})

test('in a browser the reference shows every operation, asks no other host and is refused nothing', async () => {
  const { page, misdeeds, close } = await visit(browser, `${url}/docs`)
  await page.getByRole('heading', { name: 'Countersign' }).first().waitFor({ timeout: 30_000 })
  for (const tag of ['Values', 'Approvals', 'Approval links', 'Agents', 'Permission requests', 'Policies', 'Demo'])
    await page
      .getByRole('button', { name: new RegExp(`^${tag}`) })
      .first()
      .waitFor()
  await page.goto(`${url}/docs#tag/approvals/POST/approvals`)
  await page.getByText('Create an approval link').first().waitFor()
  await page.waitForLoadState('networkidle')
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds.strayed).toEqual([])
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('a request to another host, and a violated policy, would have been seen', async () => {
  const { page, misdeeds, close } = await visit(browser, `${url}/docs/plain`)
  await page.evaluate(() => {
    const image = document.createElement('img')
    image.src = 'http://127.0.0.2:9/pixel.png'
    document.body.append(image)
  })
  await page.waitForTimeout(200)
  expect(await misdeeds.refused()).toEqual(['img-src http://127.0.0.2:9/pixel.png'])
  await close()
})

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

type Look = { colorScheme: 'light' | 'dark'; width: number }

const corners: Look[] = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 320 },
]
const others: Look[] = [
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 320 },
]

/** What axe finds, and what is wider than the screen. */
async function faults(page: Page, looks: Look[]): Promise<string[]> {
  const found: string[] = []
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
    const where = `${page.url()} ${colorScheme} ${width}`
    found.push(...violations.map(({ id, nodes }) => `${where} ${id}: ${nodes.map((node) => node.html).join(' ')}`))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) found.push(`${where}: ${wide} px too wide`)
  }
  return found
}

/**
 * One page of each kind is looked at both ways, in the long run all four; the rest are made of the same parts: a spread of
 * them is looked at, in the long run all, large in light and small in dark by turns.
 */
const kinds = ['', '/errors', '/limits', '/approvals.create'].map((path) => `/docs/plain${path}`)

const looksAt = (path: string, place: number) => {
  if (inject('thorough')) return kinds.includes(path) ? [...corners, ...others] : [corners[place % 2] as Look] // of two
  if (kinds.includes(path)) return corners
  return place % 8 === 0 ? corners.slice(0, 1) : []
}

test('no plain page has an accessibility fault, in light and dark, wide and narrow', { timeout: 600_000 }, async () => {
  const { page, misdeeds, close } = await visit(browser, `${url}/docs/plain`)
  for (const [place, path] of plain.entries()) {
    await page.goto(url + path)
    expect(await faults(page, looksAt(path, place))).toEqual([])
    expect(await misdeeds.refused()).toEqual([])
  }
  expect(misdeeds.strayed).toEqual([])
  await page.evaluate(() => document.documentElement.removeAttribute('lang'))
  expect(await faults(page, corners)).not.toEqual([])
  await close()
})

test('every link of the plain pages leads somewhere, anchors included', async () => {
  const pages = new Map(await Promise.all(plain.map(async (path) => [path, (await ask('GET', path)).text] as const)))
  const elsewhere = new Map<string, string>()
  for (const path of ['/', '/docs', '/openapi.json', '/favicon.svg']) {
    const { status, text } = await ask('GET', path)
    if (status === 200) elsewhere.set(path, text)
  }
  for (const [path, text] of pages)
    for (const [, link = ''] of text.matchAll(/href="([^"]+)"/g)) {
      const [target = '', anchor] = link.split('#')
      const there = target === '' ? text : (pages.get(target) ?? elsewhere.get(target))
      const found = there !== undefined && (anchor === undefined || there.includes(`id="${anchor}"`))
      expect(found, `${path} → ${link}`).toBe(true)
    }
})

test('the errors page has every code with its sentence, the limits page every class as this instance counts', async () => {
  const words = (text: string) => text.replaceAll('&#39;', "'").replaceAll(/<[^>]+>/g, '')
  const errorsPage = words((await ask('GET', '/docs/plain/errors')).text)
  for (const [code, { sentence }] of Object.entries(errors)) {
    expect(errorsPage).toContain(code)
    expect(errorsPage).toContain(sentence)
  }
  const limitsPage = words((await ask('GET', '/docs/plain/limits')).text)
  for (const name of Object.keys(limits)) expect(limitsPage).toContain(name)
  expect(limitsPage).toContain('3 requests in 60 seconds')
  expect(limitsPage).toContain('by agent, with all its live keys, counted in each process')
  expect(limitsPage).toMatch(/dashboard read\s*\d+ requests in 60 seconds, by person/)
})

test('the curl commands of the pages run as they stand, but for the key', async () => {
  writeFileSync(join(scratch, 'file'), 'what an upload sends')
  for (const { name } of operations) {
    const { text } = await ask('GET', `/docs/plain/${name}`)
    const [, printed = ''] = /<pre class="curl">([^<]+)<\/pre>/.exec(text) ?? []
    const command = printed.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('YOUR_API_KEY', key)
    // What never ends by itself is cut off, as a person would.
    const cut = name === 'feed.stream' ? ' --max-time 1 || true' : ''
    const { stdout } = await run('sh', ['-c', `${command} -sS -w '\n%{http_code}'${cut}`], { cwd: scratch })
    const [status = '', ...body] = stdout.split('\n').reverse()
    const documented = Object.values(openapiDocument().paths).flatMap((methods) => Object.values(methods))
    const operation = documented.find((one) => one.operationId === name)
    expect(Object.keys(operation?.responses ?? {}), `${name}: ${body.join('\n')}`).toContain(status)
    expect(['400', '401', '405', '413', '415', '500', '503'], `${name}: ${body.join('\n')}`).not.toContain(status)
  }
})
