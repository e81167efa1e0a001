import type { BrowserContext } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { armed, openBrowser, press, shows, visit } from './browser.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia Meyer' })
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana Silva' })

const ask = async (wish: Parameters<typeof makeApproval>[2] = {}) => {
  const made = await makeApproval(world, actor, { link: 'signed_in', info: 'Deploy v2 to production', ...wish })
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, read, link: `${url}/a/${made.token}` }
}

/** Puts a person's session into a browser, as signing in does. */
async function signIn(context: BrowserContext, person: { cookie: string; value: string }) {
  const name = person.cookie.slice(0, person.cookie.indexOf('='))
  await context.addCookies([
    {
      name,
      value: person.value,
      url: url.replace('http:', 'https:'),
      httpOnly: true,
      secure: name.startsWith('__Host-'),
      sameSite: 'Lax',
    },
  ])
}

/** A browser in which a person is signed in, on a page. */
async function visitAs(person: { cookie: string; value: string }, link: string) {
  const seen = await visit(browser, 'about:blank')
  await signIn(seen.context, person)
  await seen.page.goto(link)
  return seen
}

describe('a link that asks for sign-in', () => {
  test('hides what is asked, leads to signing in, and goes on at the same place by name', async () => {
    const one = await ask({ approvers: [{ any_of: [mia.email, 'role:OWNER'] }] })
    const { page, context, misdeeds, close } = await visit(browser, one.link)
    await shows(page, 'Sign in to decide this request')
    await page.getByText('Time left to decide').waitFor()
    expect(await page.locator('main').innerText()).not.toMatch(/Deploy|deploy\/prod|Approve|@/)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
    const link = page.getByRole('link', { name: 'Sign in to decide' })
    expect(await link.getAttribute('href')).toBe(`/sign-in#next=/a/${one.token}`)
    expect(await link.getAttribute('target')).toBeNull()
    await signIn(context, mia)
    await page.goto(one.link)
    await shows(page, 'Your decision on deploy/prod')
    await page.getByText('You decide as Mia Meyer.').waitFor()
    await page.getByText(`Who may decide: ${mia.email}, every owner.`).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await press(page, 'Approve')
    await shows(page, 'You answered “Approve”')
    expect((await one.read()).decision).toMatchObject({
      decided_by: { type: 'person', id: mia.id, name: 'Mia Meyer' },
      evidence: { ip: '127.0.0.1' },
    })
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
    expect(await misdeeds.refused()).toEqual([])
    await close()
  })
  test('goes on by itself when its reader has signed in in another tab', async () => {
    const one = await ask()
    const { page, context, close } = await visit(browser, one.link)
    await shows(page, 'Sign in to decide this request')
    await signIn(context, mia)
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await shows(page, 'Your decision on deploy/prod')
    await press(page, 'Approve')
    await shows(page, 'You answered')
    await close()
  })
  test('says who may decide to whom may not, and when that is nobody', async () => {
    const one = await ask({ approvers: [{ any_of: [mia.email] }] })
    const { page, close } = await visitAs(ana, one.link)
    await shows(page, 'A decision on deploy/prod')
    await page.getByText('You cannot decide this.').waitFor()
    await page.getByText(`Who may decide: ${mia.email}.`).waitFor()
    expect(await page.getByRole('button', { name: /Approve|expected|comment/ }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Not you?' }).getAttribute('href')).toBe(
      `/sign-in#next=/a/${one.token}`,
    )
    expect(await faultsOf(page)).toEqual([])
    const nobody = await ask({ approvers: [{ any_of: ['gone@example.com'] }] })
    await page.goto(nobody.link)
    await page.getByText('Right now that is nobody.').waitFor()
    await close()
  })
  test('shows who decided to the people of the project, and to strangers only that somebody did', async () => {
    const one = await ask()
    const { page: hers, ...first } = await visitAs(mia, one.link)
    await press(hers, 'Approve')
    await shows(hers, 'You answered')
    const { page: his, ...second } = await visitAs(ana, one.link)
    await shows(his, 'Already answered: “Approve”')
    await his.getByText('Mia Meyer answered.').waitFor()
    expect(await faultsOf(his)).toEqual([])
    const { page: theirs, ...third } = await visit(browser, one.link)
    await shows(theirs, /^Already answered$/)
    expect(await theirs.locator('main').innerText()).not.toMatch(/Mia|Deploy|deploy\/prod|Approve/)
    for (const { close } of [first, second, third]) await close()
  })
  test('takes no answer from a session that was revoked after the page was drawn, and asks to sign in', async () => {
    const one = await ask()
    const late = await makePerson(world, project, 'MEMBER')
    const { page, close } = await visitAs(late, one.link)
    await shows(page, 'Your decision on')
    await world.db.sql`delete from sessions where id = ${late.sessionId}`
    await press(page, 'Approve')
    await shows(page, 'Sign in to decide this request')
    expect((await one.read()).status).toBe('pending')
    await close()
  })
  test('is not finished by clicking everything, with no one signed in (security target 16)', async () => {
    const { page, close } = await visit(browser, 'about:blank')
    for (let round = 0; round < 10; round++) {
      const one = await ask()
      await page.goto(one.link)
      await shows(page, 'Sign in to decide this request')
      await armed(page)
      for (const button of await page.getByRole('button').all()) await button.click()
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Sign in to decide' }).click()
      expect((await one.read()).status).toBe('pending')
    }
    await close()
  }, 120_000)
  test('says without scripts that it needs a sign-in, and shows nothing of what is asked', async () => {
    const one = await ask()
    const { page, close } = await visit(browser, `${one.link}/plain`, { javaScriptEnabled: false })
    await shows(page, 'This request is decided by a signed-in person')
    expect(await page.getByRole('link', { name: 'Sign in to decide' }).getAttribute('href')).toBe(
      `/sign-in#next=/a/${one.token}`,
    )
    expect(await page.locator('main').innerText()).not.toMatch(/Deploy|deploy\/prod|Approve/)
    await close()
    const scripted = await visit(browser, `${one.link}/plain`)
    expect(await faultsOf(scripted.page)).toEqual([])
    await scripted.close()
  })
})

test('a plain link names the member who is signed in before they press, and records them', async () => {
  const one = await ask({ link: 'bearer' })
  const { page, close } = await visitAs(mia, one.link)
  await page.getByText('You decide as Mia Meyer.').waitFor()
  await press(page, 'Approve')
  await shows(page, 'You answered')
  expect((await one.read()).ended_by).toMatchObject({ type: 'person', name: 'Mia Meyer' })
  await close()
})

test('EventSource hears of a project with the session alone, and goes on by itself when the node was restarted', async () => {
  const node = await serve({}, { address: world.address })
  const { page, close } = await visitAs(mia, `${node.url}/a/${'0'.repeat(26)}`)
  const opening = page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const heard: { id: string; data: string }[] = []
        const source = new EventSource(address)
        Object.assign(window, { heard, source })
        source.addEventListener('value.set', (event) => heard.push({ id: event.lastEventId, data: event.data }))
        source.onopen = resolve
      }),
    `/v1/events?project=${project.id}`,
  )
  await opening
  const heard = () =>
    page.evaluate(() => (window as never as { heard: { data: string }[] }).heard.map((one) => one.data))
  const put = (key_path: string) => as(world, actor).values.put({ key_path, value: 'x' })
  await put('live/1')
  while ((await heard()).length < 1) await page.waitForTimeout(20)
  await node.close()
  await put('live/2')
  await serve({ PORT: new URL(node.url).port, PUBLIC_URL: node.url }, { address: world.address })
  await put('live/3')
  while ((await heard()).length < 3) await page.waitForTimeout(20)
  const told = (await heard()).map((data) => JSON.parse(data))
  expect(told.map((one) => one.target)).toEqual(['value:live/1', 'value:live/2', 'value:live/3'])
  expect(told[0]).toMatchObject({ action: 'value.set', ip: null })
  await close()
})
