import { expect, test } from 'vitest'
import { answerPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { armed, openBrowser, press, shows } from './browser.ts'
import { enter, soon } from './inside.ts'
import { payloads } from './payloads.ts'
import { makeDesk, wide } from './request-scene.ts'

const { world, url } = await serve()
const browser = await openBrowser()

test('the inbox shows a request with its reason first, and one press there answers it as it was asked', async () => {
  const { person, ask, at } = await makeDesk(world)
  const one = await ask({ resource: 'mailbox:support', scope: wide, context: { reason: 'A refund is due.' } })
  const { page, misdeeds, close } = await enter(browser, url, person, at)
  await page.getByRole('heading', { name: 'Needs your decision (1)' }).waitFor()
  const card = page.getByRole('listitem').filter({ hasText: 'my-assistant asks: email.send on mailbox:support' })
  expect(await card.textContent()).toMatch(/^A refund is due\..*asks.*(59 min \d+ s|1 hour 0 min) left/)
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 800 })
  await armed(page)
  await card.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('heading', { name: 'Recent outcomes' }).waitFor()
  expect(await one.answer()).toMatchObject({ status: 'approved', scope: wide, decided_by: { id: person.id } })
  const two = await ask({ action: 'db.drop' })
  await page.getByText('asks: db.drop').waitFor({ timeout: 15_000 })
  await press(page, 'Deny')
  await soon(async () => (await two.answer()).status).toBe('denied')
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  await close()
})

test('a card opens the page of its request, and so do the lists of approvals and their addresses', async () => {
  const { person, ask, at } = await makeDesk(world)
  const one = await ask()
  const { page, close } = await enter(browser, url, person, at)
  await page.getByRole('link', { name: 'my-assistant asks: email.send' }).click()
  await shows(page, 'Permission request')
  expect(page.url()).toBe(url + one.path)
  await page.goto(`${url}${at}/approvals`)
  await page.getByRole('button', { name: 'email.send' }).click()
  await shows(page, 'Permission request')
  await page.goto(`${url}${at}/approvals?open=${one.id}`)
  await shows(page, 'Permission request')
  expect(page.url()).toBe(url + one.path)
  expect((await one.answer()).status).toBe('pending')
  await close()
})

test('buttons that moved to another place ignore a press that was meant for what stood there', async () => {
  const { person, ask, at } = await makeDesk(world)
  const later = await ask({ action: 'later.one' })
  const { page, close } = await enter(browser, url, person, at)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await armed(page)
  const sent: string[] = []
  page.on('request', (request) => void (/approvals\.decide/.test(request.url()) && sent.push(request.url())))
  await page.evaluate(() => {
    new MutationObserver(() => {
      const buttons = [...document.querySelectorAll('button')].filter((each) => each.textContent === 'Approve')
      if (buttons.length < 2 || document.body.dataset.pressed) return
      document.body.dataset.pressed = 'yes'
      for (const button of buttons) button.click()
    }).observe(document.body, { childList: true, subtree: true })
  })
  // Sooner to end, so it takes the first place.
  const sooner = await ask({ action: 'sooner.one', ttl: 600 })
  await page.getByText('asks: sooner.one').waitFor({ timeout: 15_000 })
  await soon(() => page.evaluate(() => document.body.dataset.pressed)).toBe('yes')
  expect(sent).toEqual([])
  for (const one of [later, sooner]) expect((await one.answer()).status).toBe('pending')
  await close()
})

test('a member hears of a request by itself, and a viewer sees it without buttons', async () => {
  const { project, ask, at } = await makeDesk(world)
  const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia' })
  const vic = await makePerson(world, project, 'VIEWER', { name: 'Vic' })
  const [hers, his] = await Promise.all([enter(browser, url, mia, at), enter(browser, url, vic, at)])
  await Promise.all([hers, his].map(({ page }) => page.getByText('Nothing needs you').waitFor()))
  await ask()
  await hers.page.getByRole('button', { name: 'Approve' }).waitFor({ timeout: 15_000 })
  await his.page.getByRole('heading', { name: 'Waiting on others (1)' }).waitFor({ timeout: 15_000 })
  expect(await his.page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  await Promise.all([hers.close(), his.close()])
})

test('who was second in the inbox is told so, and sees how it ended', async () => {
  const { project, person, ask, at } = await makeDesk(world)
  const bo = await makePerson(world, project, 'MEMBER', { name: 'Bo Second' })
  const one = await ask()
  const { page, close } = await enter(browser, url, person, at)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  // No news may come in between: the press itself has to find out.
  await page.route(/inbox\.get/, (route) => route.abort())
  await page.route(/approvals\.decide/, async (route) => {
    await page.unroute(/inbox\.get/)
    await route.continue()
  })
  await answerPermission(world, bo.actor, one, 'deny')
  await press(page, 'Approve')
  await page.getByText('Not done').waitFor()
  await page.getByText('Deny by Bo Second').waitFor({ timeout: 15_000 })
  expect((await one.answer()).status).toBe('denied')
  await close()
})

test('the list is filtered by status, agent and action, and each filter stands in the address', async () => {
  const { project, person, ask, at } = await makeDesk(world)
  const { actor: other, agent } = await makeAgent(world, project, { name: 'deployer' })
  await ask({ action: 'email.send' })
  const two = await ask({ action: 'deploy.start' }, other)
  await answerPermission(world, person.actor, two)
  const { page, close } = await enter(browser, url, person, `${at}/requests`)
  const rows = page.locator('tbody tr')
  await soon(() => rows.count()).toBe(2)
  await page.getByLabel('Status').selectOption('approved')
  await soon(() => rows.count()).toBe(1)
  expect(await rows.first().textContent()).toContain('deploy.start')
  expect(page.url()).toContain('status=approved')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await soon(() => rows.count()).toBe(2)
  await page.getByLabel('Agent').selectOption({ label: 'deployer' })
  await soon(() => page.url()).toContain(`agent=${agent.id}`)
  await soon(() => rows.count()).toBe(1)
  await page.goto(`${url}${at}/requests?action=email.send`)
  await soon(() => rows.count()).toBe(1)
  await page.getByRole('searchbox', { name: 'Action' }).fill('nothing.such')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'No request matches' }).waitFor()
  await close()
})

test('the list says when there is nothing, when it failed, and when it is old', async () => {
  const { person, ask, at } = await makeDesk(world)
  const { page, close } = await enter(browser, url, person, `${at}/requests`)
  await page.getByRole('heading', { name: 'No agent has asked yet' }).waitFor()
  await page.getByText('curl -X POST').waitFor()
  await ask()
  await page.getByRole('button', { name: 'email.send' }).waitFor({ timeout: 15_000 })
  expect(await faultsOf(page)).toEqual([])
  await page.route(/permissions\.list/, (route) => route.abort())
  await ask({ action: 'another.one' })
  await page.getByText('Shown as it was at').waitFor({ timeout: 25_000 })
  await page.getByRole('button', { name: 'email.send' }).waitFor()
  await page.reload()
  await page.getByText('This could not be loaded').waitFor({ timeout: 25_000 })
  await page.unroute(/permissions\.list/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'another.one' }).waitFor()
  await close()
})

test('below 640 px each request of the list is a card', async () => {
  const { person, ask, at } = await makeDesk(world)
  await ask()
  const { page, close } = await enter(browser, url, person, `${at}/requests`, { viewport: { width: 375, height: 640 } })
  await page.getByRole('button', { name: 'email.send' }).waitFor()
  const looks = await page.evaluate(() => {
    const row = document.querySelector('tbody tr')
    return { shown: row && getComputedStyle(row).display, wide: document.documentElement.scrollWidth - innerWidth }
  })
  expect(looks).toEqual({ shown: 'block', wide: 0 })
  await close()
})

test('nothing that an agent writes runs, leads anywhere or hides: in the inbox, the lists and its page', async () => {
  const { person, ask, at } = await makeDesk(world)
  // Half a character or a NUL is refused at the door.
  const text = [...payloads.join('\n').replaceAll('\0', '')].filter((one) => !/[\ud800-\udfff]/.test(one)).join('')
  const hidden = 'pay\u202Eoops\u200B'
  const scope = {
    [hidden]: text.slice(0, 6000),
    '<img src=x onerror=alert(1)>': ['[x](javascript:alert(1))', true],
    list: [text.slice(0, 2000), hidden],
    deep: { toString: 'x' },
  }
  const one = await ask({
    action: `<script>alert(1)</script>${hidden}`,
    resource: '[click](https://evil.example)',
    scope,
    context: { reason: `${text.slice(0, 5000)}\n[link](https://evil.example) ${hidden}`, html: '<b>bold</b>' },
  })
  const { page, misdeeds, close } = await enter(browser, url, person, at)
  await page.getByRole('heading', { name: 'Needs your decision (1)' }).waitFor()
  for (const path of [`${at}/requests`, `${at}/approvals`, one.path]) {
    await page.goto(url + path)
    await page.getByText('<script>alert(1)</script>').first().waitFor()
    expect(await page.locator('#main a[href*="evil"], #main script, #main img, #main iframe, #main b').count()).toBe(0)
  }
  await page.getByText('pay⟨U+202E⟩oops⟨U+200B⟩').first().waitFor()
  await press(page, 'Allow less…')
  await page.getByRole('checkbox', { name: 'pay⟨U+202E⟩oops⟨U+200B⟩' }).uncheck()
  await press(page, 'Approve less')
  await page.getByText('Allowed less than was asked:').waitFor({ timeout: 15_000 })
  expect((await one.answer()).scope).toEqual({ ...scope, list: [text.slice(0, 2000)] })
  expect(await page.evaluate(() => '__hit' in window)).toBe(false)
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(misdeeds.strayed.filter((address) => !address.startsWith(url))).toEqual([])
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('what a policy of the project answered stands in the list with its name', async () => {
  const { person, ask, at } = await makeDesk(world)
  await as(world, person.actor).policies.create({
    name: 'Reading is fine',
    matchers: [{ field: 'action', op: 'equals', value: 'repo.read' }],
    effect: 'auto_approve',
  })
  const one = await ask({ action: 'repo.read' })
  const { page, close } = await enter(browser, url, person, `${at}/requests`)
  await page.getByText('Policy: Reading is fine').waitFor()
  await page.getByRole('button', { name: 'repo.read' }).click()
  await page.getByText('Approved by the policy “Reading is fine”').waitFor()
  const link = page.getByRole('link', { name: 'Look at the policy' })
  expect(await link.getAttribute('href')).toContain(one.decided_by?.id ?? 'no policy')
  await close()
})
