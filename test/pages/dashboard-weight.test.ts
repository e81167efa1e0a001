import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows } from './browser.ts'
import { enter } from './inside.ts'

const dist = join(packageRoot, 'dist', 'dashboard')

type Chunk = { file: string; css?: string[]; imports?: string[] }

// The build's own list of what each entry needs.
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>

/** Every script and sheet that must be there before an entry is drawn. */
function filesOf(entry: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`The build has no ${entry}.`)
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file)
  for (const next of chunk.imports ?? []) filesOf(next, seen)
  return seen
}

const weigh = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0) / 1024

test('the first route, frame and inbox, weighs at most 220 KiB of script and style, compressed', () => {
  const files = new Set([...filesOf('dashboard.html'), ...filesOf('pages/inbox/inbox.tsx')])
  expect(weigh(files)).toBeGreaterThan(100)
  expect(weigh(files)).toBeLessThanOrEqual(220)
})

test('the sign-in page weighs no more', () => {
  const files = new Set([...filesOf('dashboard.html'), ...filesOf('pages/sign-in/sign-in.tsx')])
  expect(weigh(files)).toBeLessThanOrEqual(220)
})

test('what a browser really loads for the inbox is within the budget, from our host only, and breaks no policy', async () => {
  const { world, url } = await serve()
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  const browser = await openBrowser()
  const { page, misdeeds, close } = await enter(browser, url, ana, '/sign-in')
  await shows(page, 'Sign in')
  const loaded = new Set<string>()
  const hosts = new Set<string>()
  page.on('request', (request) => {
    const at = new URL(request.url())
    if (at.protocol !== 'data:') hosts.add(at.origin)
    if (/\.(js|css)$/.test(at.pathname)) loaded.add(at.pathname.slice(1))
  })
  await page.goto(`${url}/p/${project.id}`)
  await shows(page, 'Inbox')
  await page.waitForLoadState('networkidle').catch(() => undefined)
  expect([...hosts]).toEqual([url])
  expect(weigh(loaded)).toBeGreaterThan(100)
  expect(weigh(loaded)).toBeLessThanOrEqual(220)
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds.errors).toEqual([])
  await close()
})
