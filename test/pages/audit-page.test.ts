import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { sealAll } from '../audit.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson, makeSession } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/audit`
await as(world, ana.actor).values.put({ key_path: 'a/b', value: 'secret text' })
await as(world, ana.actor).values.put({ key_path: 'c', value: 'x' })

test('what happened is listed, filtered by the address, and told whole in a drawer that leads to the thing', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByRole('button', { name: 'Project created' }).waitFor()
  await page.getByLabel('What', { exact: true }).selectOption('value.set')
  await page.getByRole('button', { name: 'Project created' }).waitFor({ state: 'detached' })
  expect(page.url()).toContain('action=value.set')
  await page.getByLabel('Of what').fill('value:a/b')
  await page.keyboard.press('Enter')
  await soon(() => page.locator('[data-row]').count()).toBe(1)
  await page.locator('[data-row]').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('"version": 1').waitFor()
  await drawer.getByText('Ana Silva (person)').waitFor()
  expect(await drawer.textContent()).not.toContain('secret text')
  await drawer.getByRole('link', { name: 'Open the value' }).click()
  await page.getByRole('dialog', { name: 'a/b' }).waitFor()
  await close()
})

test('the mark says that the chain is whole, how far it reaches, and what was found when it is not', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  // Sealing takes a moment: the mark is asked for until it covers something.
  await soon(async () => {
    await page.getByRole('button', { name: 'Verify now' }).click()
    return page.getByText('Verified').count()
  }).toBe(1)
  await page.getByText(/entries under \d+ seal/).waitFor()
  await close()
})

test('a log that somebody changed behind the service is shown as tampered with, and where', async () => {
  const other = await makeProject(world)
  const bo = await makePerson(world, other)
  await as(world, bo.actor).values.put({ key_path: 'a', value: 'x' })
  await sealAll(world)
  const { page, close } = await enter(browser, url, bo, `/p/${other.id}/audit`)
  const proof = page.getByRole('region', { name: 'Proof of the log' })
  await proof.getByText('Verified').waitFor()
  await ownerOf(world).begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update events set ip = '198.51.100.1' where project_id = ${other.id} and name = 'value.set'`
  })
  await proof.getByRole('button', { name: 'Verify now' }).click()
  await proof.getByText('Tampered with').waitFor()
  expect(await proof.getByText('Verified').count()).toBe(0)
  expect(await proof.getByRole('listitem').allInnerTexts()).not.toEqual([])
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('an export is what the filters show, as a file', async () => {
  const { page, close } = await enter(browser, url, ana, `${at}?action=value.set`)
  await page.locator('[data-row]').first().waitFor()
  for (const [button, first] of [
    ['Export NDJSON', /^\{.*value\.set/],
    ['Export CSV', /^[^{]*action/],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ])
    const text = readFileSync(await download.path(), 'utf8')
    expect(text.split('\n')[0]).toMatch(first)
    expect(text).not.toContain('project.created')
  }
  await close()
})

test('an export asks who signed in long ago to sign in again, and nothing leaves before', async () => {
  const late = await makeSession(world, ana.id, 15)
  const { page, close } = await enter(browser, url, late, at)
  const asked: string[] = []
  page.on('request', (request) => void (request.url().includes('/audit/export') && asked.push(request.url())))
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await page.getByRole('dialog').waitFor()
  expect(asked).toEqual([])
  await close()
})

test('a member is told which role sees the log', async () => {
  const member = await makePerson(world, project, 'MEMBER')
  const { page, close } = await enter(browser, url, member, at)
  await page.getByText('needs the role ADMIN').first().waitFor()
  await close()
})
