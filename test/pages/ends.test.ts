import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'

const { world, url } = await serve()
const limited = await serve({ RATE_LIMITS: 'approval read=1/60' })
const browser = await openBrowser()
const { actor } = await makeAsker(world)

const ask = async (wish: Parameters<typeof makeApproval>[2] = {}) => {
  const made = await makeApproval(world, actor, wish)
  return { ...made, link: `${url}/a/${made.token}` }
}

/** Decides as somebody else would, without any page. */
async function decideElsewhere(token: string): Promise<void> {
  const other = asVisitor(world)
  const { csrf_token, action_hash } = await other.approvals.open({ token })
  await other.approvals.act({ token, action: 'approve', csrf_token, action_hash })
}

/** The line that a screen reader is told at once. */
const told = '[aria-live=assertive]'

test('an open page swaps when somebody else decides, and says so aloud', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, one.link)
  await shows(page, 'Your decision on')
  await decideElsewhere(one.token)
  await shows(page, 'Already answered: “Approve”')
  expect(await page.locator(told).textContent()).toContain('Already answered')
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(await page.title()).toBe('Answered · Approval request')
  await close()
})

test('an open page swaps when the request is withdrawn', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, one.link)
  await shows(page, 'Your decision on')
  await as(world, actor).approvals.invalidate({ approval_id: one.approval_id })
  await shows(page, 'This request was withdrawn')
  expect(await page.title()).toBe('Withdrawn · Approval request')
  await close()
})

test('the countdown runs by the server’s clock, tells at ten seconds, and the page swaps when time is up', async () => {
  const one = await ask({ ttl_seconds: 10 })
  const { page, close } = await visit(browser, 'about:blank')
  // A phone that is two hours behind must not show two hours more.
  await page.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() - 7_200_000
  })
  await page.goto(one.link)
  await shows(page, 'Your decision on')
  expect(await page.getByText(/^\d+ s$/).count()).toBe(1)
  await page.getByText('10 seconds left to decide.').waitFor({ state: 'attached' })
  await shows(page, 'This request has expired')
  expect(await page.locator(told).textContent()).toContain('expired')
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  await close()
})

test('code that comes late does not make the countdown promise more time', async () => {
  const one = await ask({ ttl_seconds: 60 })
  const { page, close } = await visit(browser, 'about:blank')
  await page.route('**/*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 4000))
    await route.continue()
  })
  await page.goto(one.link)
  await shows(page, 'Your decision on')
  const [, shown] = /(\d+) s/.exec((await page.getByText(/^\d+ s$/).textContent()) ?? '') ?? []
  const left = (Date.parse(one.expires_at) - Date.now()) / 1000
  expect(Math.abs(Number(shown) - left)).toBeLessThan(2.5)
  await close()
})

test('a link that leads nowhere and one that is malformed show the same page', async () => {
  const texts: string[] = []
  for (const token of ['00000000000000000000000000', 'not-a-token']) {
    const { page, response, close } = await visit(browser, `${url}/a/${token}`)
    await shows(page, 'This link leads nowhere')
    expect(response?.status()).toBe(200)
    expect(await page.title()).toBe('Not found · Approval request')
    texts.push((await page.locator('main').textContent()) ?? '')
    await close()
  }
  expect(texts[0]).toBe(texts[1])
})

test('too many looks show when the page tries again', async () => {
  const asker = await makeAsker(limited.world)
  const made = await makeApproval(limited.world, asker.actor)
  const link = `${limited.url}/a/${made.token}`
  const first = await visit(browser, link)
  await shows(first.page, 'Your decision on')
  const second = await visit(browser, link)
  await shows(second.page, 'Too many looks at once')
  await second.page.getByText(/tries again by itself in \d+ s\./).waitFor()
  await Promise.all([first.close(), second.close()])
})

test('a page without a connection says so, and goes on by itself when it is back', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, 'about:blank')
  await page.route('**/trpc/**', (route) => route.abort())
  await page.goto(one.link)
  await shows(page, 'The service cannot be reached')
  await page.unroute('**/trpc/**')
  await shows(page, 'Your decision on')
  await close()
})

test('an open page whose connection is lost keeps what it showed and offers to reconnect', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, 'about:blank')
  await page.route(/wait/, (route) => route.abort())
  await page.goto(one.link)
  await page.getByText('The connection is lost.').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(1)
  await page.unroute(/wait/)
  await page.getByRole('button', { name: 'Reconnect now' }).click()
  await decideElsewhere(one.token)
  await shows(page, 'Already answered')
  await close()
})

test('whoever comes back to a page with a dead line sees at once what became of it', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, 'about:blank')
  await page.route(/wait/, () => undefined)
  await page.goto(one.link)
  await shows(page, 'Your decision on')
  await decideElsewhere(one.token)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await shows(page, 'Already answered')
  await close()
})

test('an answer whose reply was lost is found again, and was given once', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, one.link)
  await page.route('**/approvals.act*', async (route) => {
    const {
      url: target,
      headers,
      body,
    } = { url: route.request().url(), headers: await route.request().allHeaders(), body: route.request().postData() }
    const reply = await fetch(target, { method: 'POST', headers: { ...headers, origin: url }, body })
    expect(reply.status).toBe(200)
    await route.abort()
  })
  await press(page, 'Approve')
  await shows(page, 'You answered “Approve”')
  await page.getByText('We checked: your answer did arrive, once.').waitFor()
  await close()
})

test('an answer that never arrived is said not to have arrived, and can be given again', async () => {
  const one = await ask()
  const { page, close } = await visit(browser, one.link)
  await page.route('**/approvals.act*', (route) => route.abort())
  await press(page, 'Approve')
  await page.getByRole('alert').getByText('nothing has arrived and nothing is decided').waitFor()
  await page.unroute('**/approvals.act*')
  await press(page, 'Approve')
  await shows(page, 'You answered “Approve”')
  await close()
})

test('a stale page renews its right to send once, silently', async () => {
  const one = await ask()
  const { page, context, close } = await visit(browser, one.link)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await context.clearCookies()
  const statuses: number[] = []
  page.on('response', (response) => void (response.request().method() === 'POST' && statuses.push(response.status())))
  await press(page, 'Approve')
  await shows(page, 'You answered “Approve”')
  expect(statuses).toEqual([403, 200])
  expect(await page.getByRole('alert').count()).toBe(0)
  await close()
})
