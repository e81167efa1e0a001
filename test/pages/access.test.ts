import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, press, shows, visit } from './browser.ts'

const { world, url } = await serve({ DEMO: 'on' })
const browser = await openBrowser()
const { actor } = await makeAsker(world)

/** Buttons and fields of a public page that are smaller than 44 px. */
const small = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root button, #root input, #root textarea, #root summary')]
      .filter((each) => each.getBoundingClientRect().height < 44)
      .map((each) => each.outerHTML),
  )

const rich = {
  key_path: 'a-long-first-segment/with-a-very-long-second-segment-that-has-no-place-to-break-at-all/prod',
  info: 'Deploy **v2** to `production`, see https://example.com/notes\n\n- one\n- two\n\n```\nkubectl apply -f everything.yaml --namespace production --server-side\n```',
  ref_id: 'run-48211',
  payload: {
    environment: 'production',
    commit: '4be2b79ffd93291305436bf889314e4a3faec05e',
    changes: { services: [1, 2] },
  },
}

test('a request with fields, Markdown, facts and three styles has no fault', async () => {
  const { token } = await makeApproval(world, actor, {
    ...rich,
    pin: '4829',
    comment: 'required',
    match_number: true,
    actions: [
      { key: 'a', value: 'a', label: 'Approve', style: 'primary' },
      { key: 'b', value: 'b', label: 'Wait', style: 'warning' },
      { key: 'c', value: 'c', label: 'Reject', style: 'danger' },
    ],
  })
  const { page, close } = await visit(browser, `${url}/a/${token}`)
  await shows(page, 'Your decision on')
  expect(await faultsOf(page)).toEqual([])
  expect(await small(page)).toEqual([])
  await press(page, 'Approve')
  await page.getByText('Enter the PIN: 4 to 12 digits.').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('the other styles, the two second steps and an opened comment have no fault', async () => {
  const { token } = await makeApproval(world, actor, {
    info: 'Deploy',
    actions: [
      { key: 'a', value: 'a', label: 'Secondary', style: 'secondary' },
      { key: 'b', value: 'b', label: 'Own colour', style: '#777777' },
      { key: 'c', value: 'c', label: 'Reject', style: 'danger' },
    ],
  })
  const { page, close } = await visit(browser, `${url}/a/${token}`)
  await press(page, 'Add a comment')
  await press(page, 'This wasn’t expected')
  expect(await faultsOf(page)).toEqual([])
  await press(page, /^Reject/)
  await page.getByRole('button', { name: 'Confirm' }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  expect(await small(page)).toEqual([])
  await close()
})

test('the last two styles have no fault', async () => {
  const { token } = await makeApproval(world, actor, {
    actions: [
      { key: 'a', value: 'a', label: 'Info', style: 'info' },
      { key: 'b', value: 'b', label: 'Default', style: 'default' },
    ],
  })
  const { page, close } = await visit(browser, `${url}/a/${token}`)
  await shows(page, 'Your decision on')
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('every end has no fault', async () => {
  const { page, close } = await visit(browser, 'about:blank')
  const check = async (token: string, heading: RegExp) => {
    await page.goto(`${url}/a/${token}`)
    await shows(page, heading)
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
    expect(await faultsOf(page)).toEqual([])
    expect(await small(page)).toEqual([])
  }
  const used = await makeApproval(world, actor, rich)
  const other = asVisitor(world)
  const { csrf_token, action_hash } = await other.approvals.open({ token: used.token })
  await other.approvals.act({ token: used.token, action: 'approve', csrf_token, action_hash, comment: 'Checked.' })
  await check(used.token, /Already answered/)
  const withdrawn = await makeApproval(world, actor)
  await as(world, actor).approvals.invalidate({ approval_id: withdrawn.approval_id })
  await check(withdrawn.token, /withdrawn/)
  const expired = await makeApproval(world, actor)
  await world.db.sql`update approvals set expires_at = now() where id = ${expired.approval_id}`
  await check(expired.token, /expired/)
  const locked = await makeApproval(world, actor, { pin: '4829' })
  const seen = await other.approvals.open({ token: locked.token })
  const wrong = { token: locked.token, action: 'approve', csrf_token: seen.csrf_token, action_hash: seen.action_hash }
  for (let round = 0; round < 5; round++) await other.approvals.act({ ...wrong, pin: '0000' }).catch(() => undefined)
  await check(locked.token, /Locked/)
  await check('0'.repeat(26), /leads nowhere/)
  const mine = await makeApproval(world, actor)
  await page.goto(`${url}/a/${mine.token}`)
  await press(page, 'Approve')
  await shows(page, 'You answered')
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('a page without a connection has no fault', async () => {
  const { token } = await makeApproval(world, actor)
  const { page, close } = await visit(browser, 'about:blank')
  await page.route(/trpc/, (route) => route.abort())
  await page.goto(`${url}/a/${token}`)
  await shows(page, 'cannot be reached')
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('the start page has no fault, before and after a demo', async () => {
  const { page, close } = await visit(browser, url)
  await shows(page, 'One place')
  expect(await faultsOf(page)).toEqual([])
  await press(page, 'Create an approval link')
  await page.getByText('has no value yet').waitFor()
  await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
  expect(await faultsOf(page)).toEqual([])
  expect(await small(page)).toEqual([])
  await close()
})

test('a short request shows who, what, how long and every button on a small phone without scrolling', async () => {
  const { token } = await makeApproval(world, actor, {
    info: 'Deploy v2.1.0 to production',
    actions: [
      { key: 'a', value: 'a', label: 'Approve', style: 'primary' },
      { key: 'b', value: 'b', label: 'Later', style: 'default' },
      { key: 'c', value: 'c', label: 'Reject', style: 'danger' },
    ],
  })
  const { page, close } = await visit(browser, `${url}/a/${token}`, { viewport: { width: 375, height: 640 } })
  await shows(page, 'Your decision on')
  for (const text of [
    'Countersign',
    'write key',
    'Deploy v2.1.0 to production',
    'Time left to decide',
    'Approve',
    'Later',
    'Reject',
  ]) {
    const box = await page.getByText(text, { exact: true }).first().boundingBox()
    expect((box?.y ?? 9999) + (box?.height ?? 0), text).toBeLessThanOrEqual(640)
  }
  await close()
})
