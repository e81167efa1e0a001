import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { armed, openBrowser, press } from './browser.ts'
import { enter, soon } from './inside.ts'
import { makeDesk, race, wide } from './request-scene.ts'

const { world, url } = await serve()
const browser = await openBrowser()

const ends = (page: Page, words: string | RegExp) =>
  page.getByRole('status').filter({ hasText: words }).first().waitFor({ timeout: 15_000 })

test('the page says who asks for what and why, and one press allows exactly that', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask({
    resource: 'mailbox:support',
    scope: wide,
    context: { reason: 'A refund is due.', ticket: 47 },
  })
  const { page, misdeeds, close } = await enter(browser, url, person, one.path)
  await page.getByRole('heading', { name: 'my-assistant asks: email.send on mailbox:support' }).waitFor()
  for (const words of ['AI agent', 'A refund is due.', 'ticket', '47', 'bo@example.com', one.id, one.action_hash])
    await page.getByText(words, { exact: true }).first().waitFor()
  await page.getByText('If you approve, it may do this once within 1 hour.').waitFor()
  expect(await page.getByText('{').first().isVisible()).toBe(false)
  expect((await one.answer()).status).toBe('pending')
  await press(page, 'Approve')
  await ends(page, 'Approved by Ana Silva')
  expect(await one.answer()).toMatchObject({ status: 'approved', scope: wide, decided_by: { id: person.id } })
  expect((await one.answer()).token).toMatch(/^otp_v1_/)
  expect(await page.content()).not.toContain('otp_v1_')
  await page.getByText('Approval decided (approve)').waitFor()
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('a press in the first half second answers nothing', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask()
  const { page, close } = await enter(browser, url, person, '/account')
  const sent: string[] = []
  page.on('request', (request) => void (/approvals\.decide/.test(request.url()) && sent.push(request.url())))
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const button = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Approve')
      if (!button || button.dataset.seen) return
      button.dataset.seen = 'yes'
      button.click()
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(url + one.path)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await armed(page)
  expect(sent).toEqual([])
  await page.getByRole('button', { name: 'Approve' }).click()
  await ends(page, 'Approved by Ana Silva')
  expect(sent).toHaveLength(1)
  await close()
})

test('less is allowed by unticking and lowering; what would be more is said at its field and cannot be sent', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask({ scope: wide })
  const { page, close } = await enter(browser, url, person, one.path)
  await press(page, 'Allow less…')
  await page.getByRole('checkbox', { name: 'bo@example.com' }).uncheck()
  await page.getByRole('checkbox', { name: 'attachments' }).uncheck()
  const max = page.getByRole('textbox', { name: 'max' })
  const approve = page.getByRole('button', { name: 'Approve less' })
  for (const typed of ['9', '-1', 'many', '', '0']) {
    await max.fill(typed)
    await page
      .getByText(/^(May only come nearer to 0|Must be a number)/)
      .first()
      .waitFor()
    await soon(() => approve.isDisabled()).toBe(true)
  }
  await max.fill('2')
  await page.getByRole('textbox', { name: 'value' }).fill('12.5')
  await page.getByRole('checkbox', { name: 'ana@example.com' }).uncheck()
  await page.getByText('May only lose items, and not all; none could mean no limit.').waitFor()
  expect(await approve.isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: 'ana@example.com' }).check()
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 800 })
  await press(page, 'Approve less')
  await ends(page, 'Allowed less than was asked:')
  for (const words of ['without bo@example.com', '2 instead of 5', '12.5 instead of 20', 'false instead of true'])
    await page.getByText(words).waitFor()
  expect(await one.answer()).toMatchObject({
    status: 'approved',
    requested_scope: wide,
    scope: { to: ['ana@example.com'], max: 2, attachments: false, template: 'refund', amount: { value: 12.5 } },
  })
  await close()
})

test('what is refused by the server stands at its field, and decides nothing', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask({ scope: wide })
  const { page, close } = await enter(browser, url, person, one.path)
  await page.route(/approvals\.decide/, (route) =>
    route.continue({ postData: (route.request().postData() ?? '').replace('"max":2', '"max":500') }),
  )
  await press(page, 'Allow less…')
  await page.getByRole('textbox', { name: 'max' }).fill('2')
  await press(page, 'Approve less')
  await page.getByRole('alert').waitFor()
  await page.getByText('May only come nearer to 0, and not be it; that could mean no limit.').waitFor()
  expect((await one.answer()).status).toBe('pending')
  await close()
})

test('a no takes a reason, which the agent is told', async () => {
  const { person, ask } = await makeDesk(world)
  const one = await ask()
  const { page, close } = await enter(browser, url, person, one.path)
  await press(page, 'Deny…')
  await page.getByLabel('Why not (optional)').fill('Not on a Friday.')
  expect((await one.answer()).status).toBe('pending')
  await armed(page)
  await page.getByRole('region', { name: 'Deny' }).getByRole('button', { name: 'Deny' }).click()
  await ends(page, 'Denied by Ana Silva')
  expect(await one.answer()).toMatchObject({ status: 'denied', reason: 'Not on a Friday.' })
  await close()
})

test('“I did not expect this” is a no that says so, and leads an admin to the agent’s keys', async () => {
  const { person, agent, ask } = await makeDesk(world)
  const one = await ask()
  const { page, close } = await enter(browser, url, person, one.path)
  await press(page, 'I did not expect this…')
  await press(page, 'Deny and say so')
  await ends(page, 'Denied by Ana Silva')
  expect(await one.answer()).toMatchObject({ status: 'denied', reason: 'The approver did not expect this.' })
  const link = page.getByRole('link', { name: 'Look at the agent’s keys' })
  expect(await link.getAttribute('href')).toContain(`/agents/${agent.id}`)
  await close()
})

test('a yes for a while says what it covers, answers the same again, and can be ended from the page', async () => {
  const { person, ask } = await makeDesk(world)
  const wish = { action: 'repo.read', resource: 'repo:x', scope: { paths: ['a', 'b'] } }
  const one = await ask(wish)
  const { page, close } = await enter(browser, url, person, one.path)
  const long = page.getByLabel('Yes for how long')
  await long.waitFor()
  expect(await long.locator('option').allTextContents()).toEqual([
    'Only this time',
    'Yes for 15 minutes',
    'Yes for 1 hour',
    'Yes for 4 hours',
    'Yes for 8 hours',
  ])
  await long.selectOption('3600')
  await page.getByText('with exactly the scope that is asked here is approved at once').waitFor()
  await press(page, 'Approve for 1 hour')
  await ends(page, 'Approved by Ana Silva')
  const again = await ask(wish)
  expect(again).toMatchObject({ status: 'approved', decided_by: { type: 'policy' } })
  await page.goto(url + again.path)
  await ends(page, 'Approved by the policy “repo.read on repo:x”')
  await page.getByText('Yes for a while, given by Ana Silva').waitFor()
  await page.getByRole('button', { name: 'End it now' }).click()
  await page.getByText('Yes for a while').waitFor({ state: 'detached' })
  expect(await ask(wish)).toMatchObject({ status: 'pending' })
  await close()
})

test('of two people who answer at once one wins, and the other sees that and how it ended', async () => {
  const { project, person, ask } = await makeDesk(world)
  const bo = await makePerson(world, project, 'MEMBER', { name: 'Bo Second' })
  const one = await ask()
  const [left, right] = await Promise.all([enter(browser, url, person, one.path), enter(browser, url, bo, one.path)])
  await race([left.page, right.page])
  await Promise.all([left, right].map(({ page }) => page.getByRole('button', { name: 'Approve' }).waitFor()))
  await right.page.getByRole('button', { name: 'I did not expect this…' }).click()
  await armed(right.page)
  await Promise.all([
    left.page.getByRole('button', { name: 'Approve' }).click(),
    right.page.getByRole('button', { name: 'Deny and say so' }).click(),
  ])
  await Promise.all([left, right].map(({ page }) => page.getByRole('heading', { name: 'The answer' }).waitFor()))
  const { status } = await one.answer()
  const [headline, loser] = status === 'approved' ? ['Approved by Ana Silva', right] : ['Denied by Bo Second', left]
  for (const { page } of [left, right]) await ends(page, headline ?? '')
  await loser?.page.getByText('Your answer changed nothing').waitFor()
  const winner = loser === right ? left : right
  expect(await winner.page.getByText('Your answer changed nothing').count()).toBe(0)
  await Promise.all([left.close(), right.close()])
})
