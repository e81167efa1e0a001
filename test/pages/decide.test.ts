import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { armed, openBrowser, press, shows, visit } from './browser.ts'

const service = await serve()
const { world, url } = service
const browser = await openBrowser()
const { actor } = await makeAsker(world)

const two = [
  { key: 'approve', value: 'approved', style: 'primary' },
  { key: 'reject', value: 'rejected', style: 'danger', label: 'Reject' },
]

/** Holds the decisions of several pages back until each has sent its own, so that they truly race. */
async function race(pages: Page[]): Promise<void> {
  let sent = 0
  let release = () => {}
  const all = new Promise<void>((resolve) => {
    release = resolve
  })
  for (const page of pages)
    await page.route('**/approvals.act*', async (route) => {
      sent += 1
      if (sent === pages.length) release()
      await all
      await route.continue()
    })
}

let count = 0
const ask = async (wish: Parameters<typeof makeApproval>[2] = {}) => {
  count += 1
  const key_path = `deploy/${count}`
  const made = await makeApproval(world, actor, { key_path, ...wish })
  const value = async () => (await as(world, actor).values.get({ key_path })).value
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, value, read, link: `${url}/a/${made.token}` }
}

test('pressing the button sets the value, and the page says so', async () => {
  const one = await ask({ initial_value: 'waiting', info: 'Deploy v2.1.0 to production' })
  const { page, misdeeds, close } = await visit(browser, one.link)
  await shows(page, 'Your decision on')
  expect(await page.title()).toBe('Approval request')
  expect(await one.value()).toBe('waiting')
  await press(page, 'Approve')
  await shows(page, 'You answered “Approve”')
  expect(await one.value()).toBe('approved')
  expect(await page.title()).toBe('Answered · Approval request')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('opening the page asks the server once, and that before its code is there', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, 'about:blank')
  const looks: string[] = []
  page.on('request', (request) => void (/open\?(?!.*wait)/.test(request.url()) && looks.push(request.url())))
  await page.route('**/*.js', (route) => route.abort())
  await page.goto(one.link)
  expect(looks).toHaveLength(1)
  await page.unroute('**/*.js')
  await page.reload()
  await shows(page, 'Your decision on')
  expect(looks).toHaveLength(2)
  await close()
})

test('a second visit shows the outcome in the same browser and in another one', async () => {
  const one = await ask()
  const mine = await visit(browser, one.link)
  await press(mine.page, 'Approve')
  await shows(mine.page, 'You answered')
  await mine.page.reload()
  await shows(mine.page, 'You answered “Approve”')
  const other = await visit(browser, one.link)
  await shows(other.page, 'Already answered: “Approve”')
  await mine.close()
  await other.close()
})

test('a dangerous action is asked again by a button that stands where no first one stood', async () => {
  const one = await ask({ actions: two })
  const { page, close } = await visit(browser, one.link, { viewport: { width: 375, height: 640 } })
  await press(page, /^Reject/)
  const confirm = page.getByRole('button', { name: 'Confirm' })
  await confirm.waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Go back')
  const first = await page.getByRole('button', { name: /^Reject/ }).boundingBox()
  const second = await confirm.boundingBox()
  expect((second?.y ?? 0) - ((first?.y ?? 0) + (first?.height ?? 0))).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Go back' }).click()
  await confirm.waitFor({ state: 'detached' })
  expect((await one.read()).status).toBe('pending')
  await press(page, /^Reject/)
  await press(page, 'Confirm')
  await shows(page, 'You answered “Reject”')
  expect(await one.value()).toBe('rejected')
  await close()
})

test('a press in the first half second decides nothing, and the same press later does', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, 'about:blank')
  const sent: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const button = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Approve')
      button?.click()
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(one.link)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await armed(page)
  expect(sent).toEqual([])
  expect((await one.read()).status).toBe('pending')
  await page.evaluate(() => {
    const button = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Approve')
    button?.click()
  })
  await shows(page, 'You answered')
  await close()
})

test('no button is focused for the visitor, and a double click sends once', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, one.link)
  const sent: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
  const button = page.getByRole('button', { name: 'Approve' })
  await button.waitFor()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  await armed(page)
  await button.dblclick()
  await shows(page, 'You answered')
  expect(sent).toHaveLength(1)
  await close()
})

test('of two people who press at once one wins, and the other sees the result as a result', async () => {
  const one = await ask({
    actions: [
      { key: 'yes', value: 'yes', label: 'Yes' },
      { key: 'no', value: 'no', label: 'No' },
    ],
  })
  const [left, right] = await Promise.all([visit(browser, one.link), visit(browser, one.link)])
  await race([left.page, right.page])
  const buttons = [left.page.getByRole('button', { name: 'Yes' }), right.page.getByRole('button', { name: 'No' })]
  await Promise.all(buttons.map((button) => button.waitFor()))
  await armed(left.page)
  await Promise.all(buttons.map((button) => button.click()))
  await Promise.all([shows(left.page, /answered/i), shows(right.page, /answered/i)])
  const said = await Promise.all([left, right].map(({ page }) => page.getByRole('heading', { level: 1 }).textContent()))
  const winner = await one.value()
  const label = winner === 'yes' ? '“Yes”' : '“No”'
  expect(said.sort()).toEqual([`Already answered: ${label}`, `You answered ${label}`])
  for (const { page } of [left, right]) expect(await page.getByRole('alert').count()).toBe(0)
  await Promise.all([left.close(), right.close()])
})

test('two tabs of one browser that press at once both see the one answer', async () => {
  const one = await ask()
  const first = await visit(browser, one.link)
  const second = await first.context.newPage()
  await second.goto(one.link)
  await race([first.page, second])
  const buttons = [first.page, second].map((page) => page.getByRole('button', { name: 'Approve' }))
  await Promise.all(buttons.map((button) => button.waitFor()))
  await armed(second)
  await Promise.all(buttons.map((button) => button.click()))
  await Promise.all([shows(first.page, 'You answered “Approve”'), shows(second, 'You answered “Approve”')])
  await first.close()
})

test('reporting asks once more, ends the request without an answer, and says so', async () => {
  const one = await ask({ initial_value: 'untouched' })
  const { page, close } = await visit(browser, one.link)
  await press(page, 'This wasn’t expected')
  await press(page, 'Report it')
  await shows(page, 'You reported this request')
  expect(await page.title()).toBe('Reported · Approval request')
  expect(await one.read()).toMatchObject({ status: 'invalidated', reported: true })
  expect(await one.value()).toBe('untouched')
  await page.reload()
  await shows(page, 'This request was reported')
  await close()
})
