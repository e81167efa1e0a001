import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makeAccount } from '../accounts.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
await world.db.sql`update projects set codes_hidden = false where id = ${project.id}`
const many = 300
for (let at = 0; at < many; at++)
  await makeAccount(world, project, {
    issuer: at === 250 ? 'Needlework' : `Service ${at + 100}`,
    name: 'ops@example.com',
    tags: ['all'],
  })
const ana = await makePerson(world, project)

type Watched = { touched?: Set<string>; tasks?: number[] }

/** Notes which rows change, and for how long the page does nothing else (ms). */
const watch = (page: Page) =>
  page.evaluate(() => {
    // The page's own window carries what was seen, for the readers below.
    const seen = window as Watched
    const touched = new Set<string>()
    const tasks: number[] = []
    seen.touched = touched
    seen.tasks = tasks
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    }).observe({ type: 'longtask' })
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('[data-account]')
        if (row) touched.add(row.getAttribute('data-account') ?? '')
      }
    }).observe(document.querySelector('ul[aria-label="Accounts"]') ?? document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    })
  })

const touched = (page: Page) => page.evaluate(() => (window as Watched).touched?.size ?? 0)
const forget = (page: Page) =>
  page.evaluate(() => {
    const seen = window as Watched
    seen.touched?.clear()
    seen.tasks?.splice(0)
  })
const busyFor = (page: Page) =>
  page.evaluate(() => ((window as Watched).tasks ?? []).reduce((sum, one) => sum + one, 0))
const rows = (page: Page) => page.locator('[data-account]')

/** Opens the page with its 300 rows, the codes of the first ones on show. */
async function open() {
  const seen = await enter(browser, url, ana, `/p/${project.id}/codes`)
  await seen.page.locator('[data-code]').first().waitFor()
  expect(await rows(seen.page).count()).toBe(many)
  await watch(seen.page)
  return seen
}

test('of 300 rows only those on screen are laid out, and a second changes only those with a code', async () => {
  const { page, close } = await open()
  const laidOut = await rows(page).evaluateAll(
    (all) => all.filter((one) => one.firstElementChild?.checkVisibility({ contentVisibilityAuto: true })).length,
  )
  expect(laidOut).toBeLessThan(60)
  await page.waitForTimeout(3000)
  expect(await touched(page)).toBeGreaterThan(5)
  expect(await touched(page)).toBeLessThan(30)
  // What it would look like if each second drew every row anew.
  await forget(page)
  await rows(page).evaluateAll((all) => {
    for (const one of all) one.querySelector('[data-row]')?.setAttribute('title', 'drawn anew')
  })
  await soon(() => touched(page)).toBe(many)
  await close()
})

/** Types a search of ten letters, clears it, and scrolls to the end. */
async function searchAndScroll(page: Page): Promise<number> {
  await forget(page)
  await page.keyboard.type('needlework', { delay: 60 })
  await soon(() => rows(page).count()).toBe(1)
  await page.keyboard.press('Escape')
  await soon(() => rows(page).count()).toBe(many)
  await page.mouse.move(640, 600)
  for (let turn = 0; turn < 30; turn++) {
    await page.mouse.wheel(0, 900)
    await page.waitForTimeout(50)
  }
  await page.locator('[data-account]').last().locator('[data-code]').waitFor()
  const busy = await busyFor(page)
  await page.mouse.wheel(0, -100_000)
  return busy
}

test('searching and scrolling 300 accounts holds the page up far less than a page that is busy at each key does', async () => {
  const { page, close } = await open()
  const own = await searchAndScroll(page)
  // The control: the same page and hands, and a fifth of a second of work at each key.
  await page.evaluate(() =>
    addEventListener('keydown', () => {
      const until = performance.now() + 200
      while (performance.now() < until);
    }),
  )
  const control = await searchAndScroll(page)
  expect(control).toBeGreaterThan(2000)
  expect(own).toBeLessThan(control / 2)
  await close()
})
