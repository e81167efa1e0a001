import { mkdirSync } from 'node:fs'
import { test } from 'vitest'
import { freshSetupLink } from '../../server/setup/owner.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'
import { openBrowser, visit } from './browser.ts'

const port = await freePort()
const { world, url } = await serve({ DEMO: 'on', PORT: String(port), PUBLIC_URL: `http://localhost:${port}` })
const browser = await openBrowser()
const base = `http://localhost:${port}`
mkdirSync('/tmp/shots', { recursive: true })
const only = process.env.SHOTS

test('shots', async () => {
  const project = await makeProject(world, 'Webshop')
  const ana = await makePerson(world, project, 'OWNER', { name: 'Ana Silva', email: 'ana@example.com' })
  await makePerson(world, project, 'MEMBER', { name: 'Bo Lindqvist', email: 'bo.with.a.very.long.address.indeed@example-company.com' })
  await makePerson(world, project, 'VIEWER', { name: 'Chi Nguyen' })
  const setup = await freshSetupLink(world)
  const [name, value] = ana.cookie.split(/=(.*)/s)
  const pages: [string, string, boolean][] = [
    ['setup', setup ?? '', false],
    ['sign-in', '/sign-in?error=GITHUB_FAILED', false],
    ['reset', '/reset-password', false],
    ['reset-token', '/reset-password#abcdefghijklmnop1234', false],
    ['join-bad', '/join#0123456789ABCDEFGHJKMNPQRS', false],
    ['inbox', `/p/${project.id}`, true],
    ['people', `/p/${project.id}/people`, true],
    ['settings', `/p/${project.id}/settings`, true],
    ['api-access', `/p/${project.id}/settings?tab=api-access`, true],
    ['retention', `/p/${project.id}/settings?tab=retention`, true],
    ['run-this', `/p/${project.id}/run-this`, true],
    ['account', '/account', true],
    ['new-project', '/projects/new', true],
    ['lost', `/p/01ARZ3NDEKTSV4RRFFQ69G5FAV`, true],
  ]
  for (const [label, path, signed] of pages) {
    if (only && !only.split(',').includes(label)) continue
    for (const [scheme, width] of [['light', 1280], ['dark', 375]] as const) {
      const { page, context, misdeeds, close } = await visit(browser, 'about:blank', {
        colorScheme: scheme,
        viewport: { width, height: width > 1000 ? 800 : 720 },
      })
      if (signed)
        await context.addCookies([{ name: name ?? '', value: value ?? '', domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
      await page.goto(path.startsWith('/') ? base + path : path.replace(url, base))
      await page.waitForTimeout(900)
      await page.screenshot({ path: `/tmp/shots/${label}-${scheme}-${width}.png`, fullPage: true })
      const refused = await misdeeds.refused()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      console.log(label, scheme, width, await page.title(), page.url(), misdeeds.errors, misdeeds.strayed, refused, wide)
      await close()
    }
  }
}, 300_000)
