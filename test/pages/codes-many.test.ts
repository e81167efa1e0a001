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

type Watched = { touched?: Set<string> }
type Moving = { moves?: { came: number; went: number } }

/** Notes which rows change. */
const watch = (page: Page) =>
  page.evaluate(() => {
    const touched = new Set<string>()
    // The page's own window carries what was seen, for the readers below.
    ;(window as Watched).touched = touched
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
const forget = (page: Page) => page.evaluate(() => (window as Watched).touched?.clear())
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

/** Counts rows that come into the list and go from it. */
const countMoves = (page: Page) =>
  page.evaluate(() => {
    const moves = { came: 0, went: 0 }
    ;(window as Moving).moves = moves
    const isRow = (node: Node) => node instanceof Element && node.hasAttribute('data-account')
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        moves.came += [...addedNodes].filter(isRow).length
        moves.went += [...removedNodes].filter(isRow).length
      }
    }).observe(document.body, { subtree: true, childList: true })
  })

test('a search of ten letters takes each other row out once, its end brings each back once, and the one found stays as it is', async () => {
  const { page, close } = await open()
  await countMoves(page)
  const found = await page.locator('[data-account]', { hasText: 'Needlework' }).elementHandle()
  await page.keyboard.type('needlework', { delay: 60 })
  await soon(() => rows(page).count()).toBe(1)
  await page.keyboard.press('Escape')
  await soon(() => rows(page).count()).toBe(many)
  expect(await page.evaluate(() => (window as Moving).moves)).toEqual({ came: many - 1, went: many - 1 })
  expect(await found?.evaluate((row) => row.isConnected)).toBe(true)
  await close()
})

test('the last of 300 rows shows its code once it is scrolled to', async () => {
  const { page, close } = await open()
  await page.mouse.move(640, 600)
  for (let turn = 0; turn < 30; turn++) await page.mouse.wheel(0, 900)
  await rows(page).last().locator('[data-code]').waitFor()
  await close()
})
