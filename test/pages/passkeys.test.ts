import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makeProject } from '../make.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'
import { makeAccount } from '../sign-in.ts'
import { openBrowser, visit } from './browser.ts'

// WebAuthn knows names only: an address is no relying party.
const port = await freePort()
const url = `http://localhost:${port}`
const { world } = await serve({ PORT: String(port), PUBLIC_URL: url, HOST: 'localhost' })
const { sql } = world.db
const project = await makeProject(world)
const browser = await openBrowser()

/** A page of ours in a browser with an authenticator of its own. */
async function browserWithKey() {
  const { page, context, close } = await visit(browser, url)
  const cdp: CDPSession = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const add = (hasUserVerification: boolean) =>
    cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: true,
        hasUserVerification,
        isUserVerified: hasUserVerification,
        automaticPresenceSimulation: true,
      },
    })
  let { authenticatorId } = await add(true)
  /** Another authenticator in its place, with the same passkeys: one that asks who holds it, or one that does not. */
  const plug = async (asksWho: boolean) => {
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    authenticatorId = (await add(asksWho)).authenticatorId
    for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
  }
  return { page, close, plug }
}

/** Posts or gets as the page does; answers status and body. */
const ask = (page: Page, method: 'GET' | 'POST', path: string, body?: object) =>
  page.evaluate(
    async ([method, path, body]) => {
      const headers = { 'content-type': 'application/json' }
      const reply = await fetch(path, method === 'GET' ? {} : { method, headers, body: JSON.stringify(body ?? {}) })
      const json = (await reply.json()) as Record<string, unknown>
      return { status: reply.status, body: json }
    },
    [method, path, body] as const,
  )

/** Makes a passkey with the options that the server gave, loosened when a test says so. */
async function register(page: Page, loose = false) {
  const options = await ask(page, 'GET', '/auth/passkey/generate-register-options')
  if (options.status !== 200) return options
  const response = await page.evaluate(
    async ([options, loose]) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
        options as unknown as PublicKeyCredentialCreationOptionsJSON,
      )
      if (loose) publicKey.authenticatorSelection = { userVerification: 'discouraged', residentKey: 'discouraged' }
      const made = await navigator.credentials.create({ publicKey })
      return (made as PublicKeyCredential).toJSON()
    },
    [options.body, loose] as const,
  )
  return ask(page, 'POST', '/auth/passkey/verify-registration', { response, name: 'phone' })
}

/** Signs in with whatever passkey the authenticator has; `loose`: with the one of this id, without asking who holds it. */
async function signIn(page: Page, { loose = '', rememberMe = false } = {}) {
  const options = await ask(page, 'GET', '/auth/passkey/generate-authenticate-options')
  const response = await page.evaluate(
    async ([options, loose]) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
        options as unknown as PublicKeyCredentialRequestOptionsJSON,
      )
      if (loose) {
        publicKey.userVerification = 'discouraged'
        const bytes = atob(loose.replaceAll('-', '+').replaceAll('_', '/'))
        const id = Uint8Array.from(bytes, (one) => one.charCodeAt(0))
        publicKey.allowCredentials = [{ id, type: 'public-key' }]
      }
      const got = await navigator.credentials.get({ publicKey })
      return (got as PublicKeyCredential).toJSON()
    },
    [options.body, loose] as const,
  )
  const body = { response, rememberMe }
  return { options: options.body, body, reply: await ask(page, 'POST', '/auth/passkey/verify-authentication', body) }
}

const me = async (page: Page) => (await ask(page, 'GET', '/trpc/me.get?input=%7B%7D')).status

test('a passkey is registered by whoever has just signed in, and signs in by itself from then on', async () => {
  const ana = await makeAccount(world, project)
  const { page, close } = await browserWithKey()
  const signedIn = await ask(page, 'POST', '/auth/sign-in/email', { email: ana.email, password: ana.password })
  expect(signedIn).toEqual({ status: 200, body: {} })
  const registered = await register(page)
  expect(registered).toMatchObject({ status: 200, body: { name: 'phone' } })
  expect(Object.keys(registered.body)).toEqual(['id', 'name'])
  await ask(page, 'POST', '/auth/sign-out')
  expect(await me(page)).toBe(401)
  const { options, body, reply } = await signIn(page, { rememberMe: true })
  expect(options).toMatchObject({ userVerification: 'required' })
  expect(options.allowCredentials ?? []).toEqual([])
  expect(reply).toEqual({ status: 200, body: {} })
  expect(await me(page)).toBe(200)
  expect(await sql`select remembered from sessions where person_id = ${ana.id} and remembered`).toHaveLength(1)

  // The same assertion again: its challenge was used up.
  await ask(page, 'POST', '/auth/sign-out')
  expect(await ask(page, 'POST', '/auth/passkey/verify-authentication', body)).toMatchObject({
    status: 403,
    body: { code: 'PASSKEY_REFUSED' },
  })
  expect(await me(page)).toBe(401)
  const told = await sql`
    select payload->>'method' as method, payload->>'change' as change, name from events
    where target = ${`person:${ana.id}`} order by seq`
  expect(told.map((row) => row.method ?? row.change ?? row.name)).toEqual([
    'password',
    'passkey_added',
    'person.signed_out',
    'passkey',
    'person.signed_out',
  ])
  await close()
})

test('a passkey whose user was not verified neither registers nor signs in, whatever the page asked for', async () => {
  const ana = await makeAccount(world, project)
  const { page, close, plug } = await browserWithKey()
  await ask(page, 'POST', '/auth/sign-in/email', { email: ana.email, password: ana.password })
  await plug(false)
  expect(await register(page, true)).toMatchObject({ status: 403, body: { code: 'PASSKEY_REFUSED' } })
  await plug(true)
  expect((await register(page)).status).toBe(200)
  await ask(page, 'POST', '/auth/sign-out')
  await plug(false)
  const [row] = await sql`select credential_id from passkeys where person_id = ${ana.id}`
  expect((await signIn(page, { loose: String(row?.credential_id) })).reply).toMatchObject({
    status: 403,
    body: { code: 'PASSKEY_REFUSED' },
  })
  expect(await me(page)).toBe(401)
  await plug(true)
  expect((await signIn(page)).reply.status).toBe(200)
  await close()
})

test('a passkey is added and removed within ten minutes of a sign-in only, by its own person only', async () => {
  const [ana, bob] = [await makeAccount(world, project), await makeAccount(world, project)]
  const { page, close } = await browserWithKey()
  await ask(page, 'POST', '/auth/sign-in/email', { email: ana.email, password: ana.password })
  const { id } = (await register(page)).body
  await sql`update sessions set proven_at = now() - interval '11 minutes' where person_id = ${ana.id}`
  await expect.poll(async () => (await register(page)).body.code).toBe('SIGN_IN_AGAIN')
  expect((await ask(page, 'POST', '/auth/passkey/delete-passkey', { id })).body).toMatchObject({
    code: 'SIGN_IN_AGAIN',
  })
  await ask(page, 'POST', '/auth/sign-in/email', { email: bob.email, password: bob.password })
  expect((await ask(page, 'POST', '/auth/passkey/delete-passkey', { id })).status).toBeGreaterThanOrEqual(400)
  await ask(page, 'POST', '/auth/sign-in/email', { email: ana.email, password: ana.password })
  expect(await ask(page, 'POST', '/auth/passkey/delete-passkey', { id })).toEqual({ status: 200, body: {} })
  expect(await sql`select 1 from passkeys where person_id = ${ana.id}`).toHaveLength(0)
  expect(await ask(page, 'POST', '/auth/passkey/delete-passkey', { id })).toMatchObject({ status: 404 })
  expect((await signIn(page)).reply).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  await close()
})
