import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { parseOtpauth } from '../../shared/otpauth.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson, makeSession } from '../people.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount as makeSignIn } from '../sign-in.ts'
import { addAccount, openPanel, seed } from './account-scene.ts'
import { faultsOf } from './axe.ts'
import { openBrowser } from './browser.ts'
import { soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makeSignIn(world, project, 'ADMIN')
const bob = await makePerson(world, project, 'MEMBER', { name: 'Bob Berg' })

/** The QR code on show, as a phone's camera reads it. */
async function scanned(page: Page): Promise<string | undefined> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  await prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(await readFile(wasm)).buffer },
    fireImmediately: true,
  })
  // White around it, which readers want and the sheet gives.
  const box = await page.getByRole('img', { name: /QR code/ }).screenshot()
  const [found] = await readBarcodes(new Uint8Array(box), { formats: ['QRCode'], tryHarder: true })
  return found?.text
}

test('access by count is given, used, told in the log, and revoked after a question', async () => {
  const made = await addAccount(world, bob, 'granted')
  const carla = await makePerson(world, project, 'VIEWER', { name: 'Carla Cruz' })
  const { page, dialog, close } = await openPanel(browser, url, bob, made, { project, tab: 'access' })
  await dialog.getByText('Bob Berg, who owns it, and the project’s admins have it without a grant').waitFor()
  await dialog.getByRole('button', { name: 'Give access…' }).click()
  await dialog.getByLabel('Person').fill('nobody@example.com')
  await dialog.getByRole('button', { name: 'Give access', exact: true }).click()
  await dialog.getByText('Nobody with this address is in the project or invited').waitFor()
  await dialog.getByLabel('Person').fill('Carla')
  await page.getByRole('option', { name: 'Carla Cruz' }).click()
  await dialog.getByLabel('How long').selectOption('A number of codes…')
  await dialog.getByLabel('Codes in all').fill('2')
  await dialog.getByRole('button', { name: 'Give access', exact: true }).click()
  const row = dialog.getByRole('listitem').filter({ hasText: 'Carla Cruz' })
  await row.getByText('2 of 2 codes left').waitFor()
  expect(await faultsOf(page)).toEqual([])
  const { items } = await as(world, carla.actor).accounts.codes({ ids: made.id })
  expect(items).toMatchObject([{ codes_left: 1 }])
  await dialog.getByRole('tab', { name: 'Log' }).click()
  await dialog.getByText('Codes looked at by Carla Cruz').waitFor()
  await dialog.getByText('Access to a TOTP account granted by Bob Berg').waitFor()
  await dialog.getByRole('tab', { name: 'Access' }).click()
  await row.getByText('1 of 2 codes left').waitFor()
  await row.getByRole('button', { name: 'Revoke access of Carla Cruz' }).click()
  await page.getByRole('button', { name: 'Revoke access', exact: true }).click()
  await soon(async () => (await as(world, carla.actor).accounts.list({})).items).toEqual([])
  await close()
})

test('the QR code asks to sign in again, holds exactly the account, and is covered with the tab', async () => {
  const made = await addAccount(world, ana, 'ana@example.com', {
    issuer: 'Acme',
    algorithm: 'SHA512',
    digits: 7,
    period: 45,
  })
  const late = await makeSession(world, ana.id, 20)
  const { page, dialog, close } = await openPanel(browser, url, late, made, { project })
  await dialog.getByRole('button', { name: 'Seed and QR code…' }).click()
  await page.getByRole('button', { name: 'Show the seed' }).click()
  const again = page.getByRole('dialog', { name: 'Sign in again' })
  await again.waitFor()
  expect(await page.content()).not.toContain(seed)
  await again.getByLabel('Password', { exact: true }).fill(goodPassword)
  await again.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  expect(parseOtpauth((await scanned(page)) ?? '')).toEqual({
    ...{ name: 'ana@example.com', issuer: 'Acme', secret: seed, algorithm: 'SHA512', digits: 7, period: 45 },
  })
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.getByRole('button', { name: 'Show the seed' }).waitFor()
  expect(await page.content()).not.toContain(seed)
  await close()
})

test('an account is handed on to another member, and deleted after a question', async () => {
  const made = await addAccount(world, bob, 'on its way')
  await makePerson(world, project, 'MEMBER', { name: 'Dora Dahl', email: 'dora@example.com' })
  const { page, dialog, close } = await openPanel(browser, url, bob, made, { project })
  await dialog.getByRole('button', { name: 'Hand on…' }).click()
  const asks = page.getByRole('dialog', { name: 'Hand on on its way' })
  await asks.getByText('You lose all of that at once').waitFor()
  await asks.getByLabel('New owner').fill('dora@example.com')
  await asks.getByRole('button', { name: 'Hand on', exact: true }).click()
  await dialog.getByText('No account of yours').waitFor()
  await close()
  const next = await openPanel(browser, url, ana, made, { project })
  await next.dialog.getByText('Dora Dahl').waitFor()
  await next.dialog.getByRole('button', { name: 'Delete…' }).click()
  await next.page.getByRole('button', { name: 'Delete account' }).click()
  await soon(() => world.db.sql`select id from accounts where id = ${made.id}`).toEqual([])
  await soon(() => next.page.url()).not.toContain('account=')
  await next.close()
})

test('whoever only gets codes sees no way to manage, and no tab but the details', async () => {
  const made = await addAccount(world, ana, 'borrowed')
  await as(world, ana.actor).accounts.permit({ accountId: made.id, action: 'grant', email: bob.email, role: 'viewer' })
  const { dialog, close } = await openPanel(browser, url, bob, made, { project, tab: 'access' })
  await dialog.getByText('Its seed stays on the server').waitFor()
  expect(await dialog.getByRole('tab').count()).toBe(0)
  for (const name of ['Edit', 'Hand on…', 'Delete…', 'Seed and QR code…', 'Give access…'])
    expect(await dialog.getByRole('button', { name }).count(), name).toBe(0)
  await close()
})
