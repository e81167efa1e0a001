import type { CDPSession } from 'playwright-core'
import { expect, test } from 'vitest'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

// Workers and notifications know secure origins only, and localhost.
const port = await freePort()
const url = `http://localhost:${port}`
const { world } = await serve({ PORT: String(port), PUBLIC_URL: url, HOST: 'localhost', OUTBOUND_ALLOW: 'localhost' })
const project = await makeProject(world, 'Webshop')
const browser = await openBrowser()

/** What a push service would answer the browser: there is none here. The key is the generator of P-256. */
const told = {
  endpoint: 'http://localhost:1/push/x',
  keys: {
    p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  },
}

/** The number by which the browser's tools know the worker of this page. */
async function registrationOf(tools: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) =>
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    }),
  )
  await tools.send('ServiceWorker.enable')
  return found
}

test('the dashboard can be installed, and a browser of its person is told by a worker that sees no link’s page', async () => {
  const ana = await makePerson(world, project)
  const { page, context, misdeeds, close } = await enter(browser, url, ana, '/account')
  await context.grantPermissions(['notifications'], { origin: url })
  await page.addInitScript((subscription) => {
    const answer = { toJSON: () => subscription }
    PushManager.prototype.subscribe = async () => answer as unknown as PushSubscription // stands for what a push service gives
  }, told)
  await page.reload()
  await shows(page, 'Account')
  const tools = await context.newCDPSession(page)
  const { errors, data } = await tools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '{}')).toMatchObject({ start_url: '/p', display: 'standalone' })
  const lacks = await tools.send('Page.getInstallabilityErrors')
  // A window without a profile of its own installs nothing; that alone may be missing.
  expect(lacks.installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])

  await page.getByRole('button', { name: 'Notify this browser of Webshop' }).click()
  await page.getByText('This browser is notified of Webshop.').waitFor()
  await soon(async () => (await world.db.sql`select from push_subscriptions where person_id = ${ana.id}`).length).toBe(
    1,
  )
  await page.getByText('· this one').last().waitFor()
  const scopes = await page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname),
  )
  expect(scopes).toEqual(['/p/'])

  const registrationId = await registrationOf(tools)
  const shown = { title: 'Approval needed: deploy/prod', body: 'ci asks for a decision.', path: '/p/x', tag: 'one' }
  const deliver = (message: object) =>
    tools.send('ServiceWorker.deliverPushMessage', { origin: url, registrationId, data: JSON.stringify(message) })
  const notices = () =>
    page.evaluate(async () => {
      const [registration] = await navigator.serviceWorker.getRegistrations()
      const all = (await registration?.getNotifications()) ?? []
      return all.map(({ title, body, tag }) => ({ title, body, tag }))
    })
  await deliver({ ...shown, over: false })
  await soon(notices).toEqual([{ title: shown.title, body: shown.body, tag: 'one' }])
  await deliver({ ...shown, title: 'Decided: deploy/prod', over: true })
  await soon(async () => (await notices()).map(({ title }) => title)).toEqual(['Decided: deploy/prod'])

  await page.getByRole('button', { name: /^Remove .* from Webshop$/ }).click()
  await page.getByText('That browser is not notified any more.').waitFor()
  expect(await world.db.sql`select from push_subscriptions where person_id = ${ana.id}`).toHaveLength(0)
  const strayed = misdeeds.strayed.filter((one) => !one.startsWith(url))
  expect([misdeeds.errors, strayed, await misdeeds.refused()]).toEqual([[], [], []])
  await close()
})

test('the worker answers no request, keeps nothing, and may load nothing; only the dashboard’s policy allows one', async () => {
  const worker = await fetch(`${url}/sw.js`)
  const script = await worker.text()
  expect(worker.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(worker.headers.get('cache-control')).toBe('no-cache')
  expect(worker.headers.get('content-security-policy')).toBe("default-src 'none'")
  expect(worker.headers.get('service-worker-allowed')).toBeNull()
  expect(script).not.toMatch(/'fetch'|caches|indexedDB|importScripts/)
  const policyOf = async (path: string) => (await fetch(url + path)).headers.get('content-security-policy')
  for (const path of ['/p', '/account', '/sign-in'])
    expect(await policyOf(path)).toMatch(/worker-src 'self'; manifest-src 'self'/)
  for (const path of [`/a/${'0'.repeat(26)}`, `/s/${'0'.repeat(31)}`, '/', '/share']) {
    expect(await policyOf(path)).not.toMatch(/worker-src|manifest-src/)
    expect(await (await fetch(url + path)).text()).not.toContain('manifest.webmanifest')
  }
  for (const [name, type] of [
    ['manifest.webmanifest', 'application/manifest+json'],
    ['icon-192.png', 'image/png'],
    ['icon-512.png', 'image/png'],
    ['icon-maskable.png', 'image/png'],
  ])
    expect((await fetch(`${url}/${name}`)).headers.get('content-type')).toContain(type)
})
