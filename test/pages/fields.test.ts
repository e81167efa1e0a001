import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { actor } = await makeAsker(world)

const ask = async (wish: Parameters<typeof makeApproval>[2]) => {
  const made = await makeApproval(world, actor, wish)
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, read, link: `${url}/a/${made.token}` }
}

const posts = (page: Page) => {
  const sent: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
  return sent
}

test('a PIN is asked for before anything is sent, takes a paste with blanks, and decides', async () => {
  const one = await ask({ pin: '482913' })
  const { page, close } = await visit(browser, one.link)
  const sent = posts(page)
  const field = page.getByLabel('PIN')
  await field.waitFor()
  expect(await field.getAttribute('inputmode')).toBe('numeric')
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
  await press(page, 'Approve')
  await page.getByText('Enter the PIN: 4 to 12 digits.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('pin')
  expect(sent).toEqual([])
  await page.keyboard.insertText('482 913')
  expect(await field.inputValue()).toBe('482913')
  await press(page, 'Approve')
  await shows(page, 'You answered')
  await close()
})

test('wrong PINs count down, and the fifth locks for good', async () => {
  const one = await ask({ pin: '482913' })
  const { page, close } = await visit(browser, one.link)
  const field = page.getByLabel('PIN')
  for (const left of ['4 attempts left', '3 attempts left', '2 attempts left', 'One attempt left']) {
    await field.fill('0000')
    await press(page, 'Approve')
    await page.getByText(left).waitFor()
    await page.getByText('That PIN is wrong.').waitFor()
    expect(await field.inputValue()).toBe('')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('pin')
  }
  await field.fill('0000')
  await press(page, 'Approve')
  await shows(page, 'Locked after five wrong attempts')
  expect(await page.title()).toBe('Locked · Approval request')
  expect((await one.read()).status).toBe('locked')
  await page.reload()
  await shows(page, 'Locked after five wrong attempts')
  await close()
})

test('the number that the requester shows is asked for, and only the right one decides', async () => {
  const one = await ask({ match_number: true })
  const { page, close } = await visit(browser, one.link)
  const field = page.getByLabel('Number shown by the requester')
  await field.fill(one.match_number === '111' ? '222' : '111')
  await press(page, 'Approve')
  await page.getByText('That number does not match.').waitFor()
  await field.fill(one.match_number ?? '')
  await press(page, 'Approve')
  await shows(page, 'You answered')
  await close()
})

test('a required comment is asked for before anything is sent, and kept with the decision', async () => {
  const one = await ask({ comment: 'required' })
  const { page, close } = await visit(browser, one.link)
  const sent = posts(page)
  await press(page, 'Approve')
  await page.getByText('Say why; a comment is required.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('comment')
  expect(sent).toEqual([])
  await page.getByLabel('Comment').fill('Checked with Ana.')
  await press(page, 'Approve')
  await shows(page, 'You answered')
  await page.getByText('Checked with Ana.').waitFor()
  expect((await one.read()).decision?.comment).toBe('Checked with Ana.')
  await close()
})

test('an optional comment is offered, one that is off is not', async () => {
  const optional = await visit(browser, (await ask({ comment: 'optional' })).link)
  await press(optional.page, 'Add a comment')
  expect(await optional.page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('comment')
  await optional.close()
  const off = await visit(browser, (await ask({ comment: 'off' })).link)
  await off.page.getByRole('button', { name: 'Approve' }).waitFor()
  expect(await off.page.getByRole('button', { name: 'Add a comment' }).count()).toBe(0)
  await off.close()
})

test('Enter in a field chooses no action', async () => {
  const one = await ask({ pin: '482913' })
  const { page, close } = await visit(browser, one.link)
  await page.getByLabel('PIN').fill('482913')
  await page.waitForTimeout(600)
  await page.keyboard.press('Enter')
  await page.waitForTimeout(300)
  expect((await one.read()).status).toBe('pending')
  await close()
})
