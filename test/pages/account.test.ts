import { expect, test } from 'vitest'
import { makeProject } from '../make.ts'
import { makeSession } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount } from '../sign-in.ts'
import { codeOf } from '../totp.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter } from './inside.ts'

// WebAuthn knows names only: an address is no relying party.
const port = await freePort()
const url = `http://localhost:${port}`
const { world } = await serve({ PORT: String(port), PUBLIC_URL: url, HOST: 'localhost' })
const project = await makeProject(world, 'Webshop')
const browser = await openBrowser()

async function looking() {
  const ana = await makeAccount(world, project, 'OWNER', { name: 'Ana Silva' })
  const seen = await enter(browser, url, ana, '/account')
  await shows(seen.page, 'Account')
  return { ...seen, ana }
}

test('a name is changed', async () => {
  const { page, ana, close } = await looking()
  await page.getByLabel('Name').fill('Ana Maria Silva')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The name is changed.').waitFor()
  expect(await world.db.sql`select name from people where id = ${ana.id}`).toEqual([{ name: 'Ana Maria Silva' }])
  await close()
})

test('a password is changed by who knows the old one, and other sessions end', async () => {
  const { page, ana, close } = await looking()
  await makeSession(world, ana.id)
  await page.getByLabel('Current password').fill('not-her-password')
  await page.getByLabel('New password, at least 12 characters').fill('another-harbour-violin')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The password is wrong.').waitFor()
  await page.getByLabel('Current password').fill(goodPassword)
  await page.getByLabel('New password, at least 12 characters').fill('passwordpassword')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.locator('.mantine-InputWrapper-error').waitFor()
  await page.getByLabel('New password, at least 12 characters').fill('another-harbour-violin')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The password is changed; other sessions have ended.').waitFor()
  expect(await world.db.sql`select 1 from sessions where person_id = ${ana.id}`).toHaveLength(1)
  await close()
})

test('the second factor: scanned, proven, asked for at the next sign-in, a backup code in its place, off again', async () => {
  const { page, ana, context, close } = await looking()
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByLabel('Your password').fill(goodPassword)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('img', { name: /QR code for an authenticator app/ }).waitFor()
  const secret = await page.locator('.mantine-Modal-body pre').textContent()
  const uri = `otpauth://totp/x?secret=${secret}`
  await page.getByLabel('Code that the app shows now').fill('000000')
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('The code is wrong, or it was used before; wait for the next one.').waitFor()
  await page.getByLabel('Code that the app shows now').fill(await codeOf(uri, -1))
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('Keep these where your phone is not.').waitFor()
  const [backup = ''] = await page.locator('.mantine-Modal-body li').allTextContents()
  await page.getByRole('button', { name: 'I have stored them' }).click()
  await page.getByText('On', { exact: true }).waitFor()

  const first = async () => {
    await context.clearCookies()
    await page.goto(`${url}/sign-in`)
    await page.getByLabel('E-mail address').fill(ana.email)
    await page.getByLabel('Password', { exact: true }).fill(goodPassword)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('Code of your authenticator app').waitFor()
  }
  await first()
  await page.getByLabel('Code of your authenticator app').fill(await codeOf(uri))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL(`${url}/p/${project.id}`)
  await first()
  await page.getByRole('button', { name: 'Use a backup code' }).click()
  await page.getByLabel('Backup code').fill(backup)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL(`${url}/p/${project.id}`)

  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByLabel('Your password').fill(goodPassword)
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('The second factor is off.').waitFor()
  await close()
})

test('a passkey is added, signs in by the button, and is removed', async () => {
  const { page, context, ana, close } = await looking()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Ana’s phone')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('The passkey is added.').waitFor()
  await page.getByRole('button', { name: 'Remove Ana’s phone' }).waitFor()

  await context.clearCookies()
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${url}/p/${project.id}`)
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'Remove Ana’s phone' }).click()
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByText('The passkey is removed.').waitFor()
  expect(await world.db.sql`select 1 from passkeys where person_id = ${ana.id}`).toHaveLength(0)
  await close()
})

test('sessions are listed and ended one by one and all at once', async () => {
  const ana = await makeAccount(world, project, 'OWNER', { name: 'Ana Silva' })
  for (let round = 0; round < 3; round++) await makeSession(world, ana.id)
  const { page, close } = await enter(browser, url, ana, '/account')
  const ends = page.getByRole('button', { name: /^End the session of/ })
  await ends.first().waitFor()
  expect(await ends.count()).toBe(3)
  await ends.first().click()
  await page.getByText('That session has ended.').waitFor()
  await expect.poll(() => ends.count()).toBe(2)
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End other sessions' }).click()
  await page.getByText('2 sessions have ended.').waitFor()
  await expect.poll(() => ends.count()).toBe(0)
  await close()
})

test('a colour scheme is kept in this browser and holds before the first paint of the next page', async () => {
  const { page, close } = await looking()
  await page.getByText('Dark', { exact: true }).click()
  await page.goto(`${url}/p`)
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  await close()
  const other = await visit(browser, `${url}/sign-in`)
  expect(await other.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light')
  await other.close()
})
