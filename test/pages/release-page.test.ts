import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { askRelease } from '../releases.ts'
import { serve } from '../serve.ts'
import { addAccount } from './account-scene.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, press, shows } from './browser.ts'
import { enter } from './inside.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project, 'OWNER', { name: 'Ana Silva' })
const { actor } = await makeKey(world, project, 'write', { name: 'deployer' })

const secret = await as(world, ana.actor).kept.create({ name: 'Production database', secret: 'never on a page' })
const account = await addAccount(world, ana, 'root@prod', { issuer: 'GitHub' })
await as(world, ana.actor).values.put({ key_path: 'deploy/token', value: 'never on a page' })

const to = 'to the API key deployer, which can read'

test.each([
  [
    'a secret',
    { secret: secret.kept_id, seconds: 300 },
    `With a yes, the secret “Production database” leaves ${to} it once within 5 minutes.`,
  ],
  [
    'codes',
    { account: account.id, codes: 3, seconds: 90 },
    `With a yes, 3 codes of the account “GitHub: root@prod” leave ${to} them one at a time within 90 seconds.`,
  ],
  [
    'a value',
    { value: 'deploy/token', seconds: 60 },
    `With a yes, the value “deploy/token” leaves ${to} it once within 1 minute.`,
  ],
] as const)(
  'that %s leaves, and to whom, stands on the page, in the inbox and in the drawer',
  async (what, wish, sentence) => {
    const path = `release/${what.replace(/\W/g, '-')}`
    const asked = await askRelease(world, actor, wish, { key_path: path })
    const { page, misdeeds, close } = await enter(browser, url, ana, `/p/${project.id}`)
    const card = page.getByRole('listitem').filter({ hasText: path })
    await card.getByText(sentence).waitFor()
    // In full: nothing of whom it leaves to is cut away.
    const cut = await card.getByText(sentence).evaluate((line) => line.scrollHeight - line.clientHeight)
    expect(cut).toBeLessThanOrEqual(1)
    await card.getByRole('button', { name: path }).click()
    await page.getByRole('dialog').getByText(sentence).waitFor()
    await page.goto(`${url}/a/${asked.url.slice(-26)}`)
    await page.getByText(sentence).waitFor()
    expect(await faultsOf(page)).toEqual([])
    expect(await page.content()).not.toContain('never on a page')
    await press(page, 'Approve')
    await shows(page, 'You answered “Approve”')
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
    expect(await misdeeds.refused()).toEqual([])
    await close()
  },
)

test('a stranger who opens the link learns nothing of what would leave', async () => {
  const asked = await askRelease(world, actor, { secret: secret.kept_id, seconds: 300 })
  const { page, close } = await enter(browser, url, { cookie: 'nobody=1' }, `/a/${asked.url.slice(-26)}`)
  await shows(page, 'Sign in to decide this request')
  await page.getByText('Time left to decide').waitFor()
  expect(await page.locator('main').innerText()).not.toMatch(/Production|secret|leaves/)
  await close()
})

test('hostile names of a secret and of a key are text on page, inbox, drawer and list', async () => {
  const names = payloads.filter((text) => /^[^\p{Cc}]+$/u.test(text) && text.trim() === text).slice(0, 12)
  expect(names).toHaveLength(12)
  const name = names.join(' ').slice(0, 190).trim()
  const { actor: odd } = await makeKey(world, project, 'write', { name: names[1]?.slice(0, 90) ?? 'odd' })
  const kept = await as(world, ana.actor).kept.create({ name, secret: 'x' })
  const asked = await askRelease(world, odd, { secret: kept.kept_id, seconds: 300 }, { key_path: 'odd/one' })
  const { page, misdeeds, close } = await enter(browser, url, ana, `/p/${project.id}`)
  const start = `With a yes, the secret “${name.slice(0, 30)}`
  const clean = async () => {
    await page.getByText(start).first().waitFor()
    expect(await page.evaluate(() => document.querySelectorAll('#root script, #root img, #root iframe').length)).toBe(0)
    expect(await page.evaluate(() => Boolean((window as { __hit?: boolean }).__hit))).toBe(false)
  }
  await clean()
  await page.getByRole('button', { name: 'odd/one' }).click()
  await page.getByRole('dialog').getByText(start).waitFor()
  await clean()
  await page.goto(`${url}/a/${asked.url.slice(-26)}`)
  await clean()
  await page.goto(`${url}/p/${project.id}/secrets?tab=kept&open=${kept.kept_id}`)
  await page.getByRole('dialog').getByText('How to ask').waitFor()
  expect(await page.getByRole('dialog').getByRole('heading').first().innerText()).toContain(name.slice(0, 30))
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('what would leave and was deleted meanwhile is said to be gone', async () => {
  const kept = await as(world, ana.actor).kept.create({ name: 'short-lived', secret: 'x' })
  const asked = await askRelease(world, actor, { secret: kept.kept_id, seconds: 300 })
  await as(world, ana.actor).kept.delete({ kept_id: kept.kept_id })
  const { page, close } = await enter(browser, url, ana, `/a/${asked.url.slice(-26)}`)
  await page.getByText('What this would release is not there any more.').waitFor()
  await close()
})
