import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { answerPermission } from '../agents.ts'
import { as } from '../as.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'
import { makeDesk, wide } from './request-scene.ts'

const { world, url } = await serve()
const browser = await openBrowser()

const ends = (page: Page, words: string | RegExp) =>
  page.getByRole('status').filter({ hasText: words }).first().waitFor({ timeout: 15_000 })

test('a second tab sees the answer, the use and the end of the token by itself', async () => {
  const { actor, person, ask } = await makeDesk(world)
  const one = await ask({ uses: 2 })
  const { page, close } = await enter(browser, url, person, one.path)
  await page.getByText('it may do this up to 2 times within 1 hour').waitFor()
  await answerPermission(world, person.actor, one)
  await ends(page, 'Approved by Ana Silva')
  await page.getByText('It may do this 2 times.').waitFor()
  await page.getByText('Its token works until').waitFor()
  const mine = as(world, actor).permissions
  const { token = '' } = await one.answer()
  await mine.use({ id: one.id, token })
  await page.getByText('It may do this once more; it has once.').waitFor()
  await mine.use({ id: one.id, token })
  await ends(page, 'Approved by Ana Silva, and used')
  expect(await page.getByRole('button', { name: 'Revoke…' }).count()).toBe(0)
  await close()
})

test('what was approved and not used can be revoked, and what its agent withdrew is told apart', async () => {
  const { actor, person, ask } = await makeDesk(world)
  const [one, two] = [await ask(), await ask()]
  await answerPermission(world, person.actor, one)
  const { page, close } = await enter(browser, url, person, one.path)
  await page.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('button', { name: 'Revoke permission' }).click()
  await ends(page, 'Revoked by Ana Silva')
  expect((await one.answer()).status).toBe('revoked')
  await page.goto(url + two.path)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await as(world, actor).permissions.revoke({ id: two.id })
  await ends(page, 'Withdrawn by my-assistant')
  await close()
})

test('a request that ends while somebody looks takes no answer any more, and says that nobody answered', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask()
  const { page, close } = await enter(browser, url, person, '/account')
  await page.clock.install()
  await page.goto(url + one.path)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await page.clock.fastForward('01:00:05')
  await page.getByText('Time is up. Checking…').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
  await world.db.sql`update approvals set expires_at = now() where id = ${one.id}`
  await soon(async () => {
    await page.clock.fastForward(2100)
    return page.getByText('Nobody answered in time').count()
  }).toBe(1)
  await page.getByText('which is neither yes nor no').waitFor()
  await close()
})

test('a viewer sees everything and why they cannot answer', async () => {
  const { person, ask } = await makeDesk(world, 'VIEWER')
  const one = await ask({ scope: wide })
  const { page, close } = await enter(browser, url, person, one.path)
  await page.getByText('You cannot answer this.').waitFor()
  await page.getByText('Viewers do not decide').waitFor()
  expect(await page.getByRole('button', { name: /Approve|Deny/ }).count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('what a test key was answered says so, under the ribbon of test mode', async () => {
  const { project, person, ask, tester } = await makeDesk(world)
  const { actor } = await tester()
  const one = await ask({}, actor)
  const [twin] = await world.db.sql<{ id: string }[]>`select id from projects where test_of = ${project.id}`
  const { page, close } = await enter(browser, url, person, `/p/${twin?.id}/requests/${one.id}`)
  await ends(page, 'Approved by its test key')
  await page.getByText('A test key is answered at once, and nobody is asked.').waitFor()
  await page.getByText('Everything on this page is a test').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.goto(url + one.path)
  await page.getByRole('heading', { name: 'There is no such request' }).waitFor()
  await close()
})
