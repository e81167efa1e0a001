import { expect, test } from 'vitest'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()

test('the switch goes to the test objects and back, and the ribbon says so for as long', async () => {
  const { project, actor } = await makeAsker(world)
  const testKey = await makeKey(world, project, 'write', { env: 'test' })
  await makeApproval(world, actor, { key_path: 'deploy/live' })
  await makeApproval(world, testKey.actor, { key_path: 'deploy/test' })
  const ana = await makePerson(world, project)
  const { page, misdeeds, close } = await enter(browser, url, ana, `/p/${project.id}`)
  const ribbon = page.getByText('Everything on this page is a test')
  await page.getByRole('button', { name: 'deploy/live' }).waitFor()
  expect(await page.getByRole('button', { name: 'deploy/test' }).count()).toBe(0)
  expect(await ribbon.count()).toBe(0)

  await page.getByRole('switch', { name: 'Test mode' }).check({ force: true })
  await page.getByRole('button', { name: 'deploy/test' }).waitFor()
  await ribbon.waitFor()
  expect(await page.getByRole('button', { name: 'deploy/live' }).count()).toBe(0)
  expect(page.url()).not.toContain(project.id)
  await page.getByRole('link', { name: 'Approvals' }).first().click()
  await shows(page, 'Approvals')
  expect(await ribbon.count()).toBe(1)
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 800 })

  await page.getByRole('switch', { name: 'Test mode' }).uncheck({ force: true })
  await page.getByRole('button', { name: 'deploy/live' }).waitFor()
  expect(page.url()).toContain(project.id)
  expect(await ribbon.count()).toBe(0)
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('a project without test objects says how to get some, and stays where it is', async () => {
  const { project } = await makeAsker(world)
  const ana = await makePerson(world, project)
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}`)
  await page
    .getByRole('switch', { name: 'Test mode' })
    .check({ force: true })
    .catch(() => undefined)
  const told = page.getByRole('dialog', { name: 'There are no test objects yet' })
  await told.getByRole('link', { name: 'Create a test key' }).waitFor()
  expect(page.url()).toBe(`${url}/p/${project.id}`)
  await page.keyboard.press('Escape')
  await told.waitFor({ state: 'detached' })
  expect(await page.getByRole('switch', { name: 'Test mode' }).isChecked()).toBe(false)
  await close()
})

test('the title counts what waits for the reader on every page, and not what a viewer only sees', async () => {
  const { project, actor } = await makeAsker(world)
  const [ana, vic] = [await makePerson(world, project), await makePerson(world, project, 'VIEWER')]
  await makeApproval(world, actor)
  await makeApproval(world, actor, { key_path: 'deploy/stage' })
  const { page, close } = await enter(browser, url, ana, `/p/${project.id}/values`)
  await soon(() => page.title()).toBe('(2) Values · Countersign')
  await page
    .getByRole('link', { name: /^Keys|API keys/ })
    .first()
    .click()
  await soon(() => page.title()).toBe('(2) API keys and access logs · Countersign')
  await page.goto(`${url}/account`)
  await soon(() => page.title()).toBe('Account · Countersign')
  await close()
  const seen = await enter(browser, url, vic, `/p/${project.id}`)
  await seen.page.getByRole('heading', { name: /Waiting on others \(2\)/ }).waitFor()
  expect(await seen.page.title()).toBe('Inbox · Countersign')
  await seen.close()
})
