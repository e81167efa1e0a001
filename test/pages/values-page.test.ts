import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser } from './browser.ts'
import { enter } from './inside.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/values`
const put = (key_path: string, value: string) => as(world, ana.actor).values.put({ key_path, value })
const get = (key_path: string) => as(world, actor).values.get({ key_path })

test('paths are a tree whose folders are read when they are opened', async () => {
  await put('tree/deep/one', '1')
  await put('tree/two', '2')
  const { page, close } = await enter(browser, url, ana, at)
  const folder = page.getByRole('button', { name: 'tree/' })
  await folder.waitFor()
  expect(await folder.getAttribute('aria-expanded')).toBe('false')
  expect(await page.getByRole('button', { name: 'two' }).count()).toBe(0)
  await folder.click()
  await page.getByRole('button', { name: 'two' }).waitFor()
  await page.getByRole('button', { name: 'deep/' }).click()
  await page.getByRole('button', { name: 'one' }).click()
  await page.getByRole('dialog').getByText('Version 1').waitFor()
  expect(decodeURIComponent(page.url())).toContain('open=tree/deep/one')
  await close()
})

test('the history names the approval that set a version and leads to it', async () => {
  const made = await makeApproval(world, actor, { key_path: 'from/approval' })
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
  await visitor.approvals.act({ token: made.token, action: 'approve', csrf_token, action_hash })
  const { page, close } = await enter(browser, url, ana, `${at}?open=from/approval`)
  await page.getByRole('link', { name: 'an approval' }).click()
  await page.getByRole('dialog').getByText('Approve by link holder').waitFor()
  expect(page.url()).toContain(made.approval_id)
  await close()
})

test('a value is set and changed, and its version grows', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByRole('button', { name: 'Set a value' }).click()
  await page.getByLabel('Key path').fill('by/hand')
  await page.getByLabel('Value', { exact: true }).fill('first')
  await page.getByRole('dialog').getByRole('button', { name: 'Set value' }).click()
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('New value').fill('second')
  await page.getByRole('button', { name: 'Set value' }).click()
  await page.getByText('Version 2').waitFor()
  expect(await get('by/hand')).toMatchObject({ value: 'second', version: 2, updated_by: { id: ana.id } })
  await close()
})

test('what somebody set meanwhile is shown before it can be replaced', async () => {
  await put('two/writers', 'seen')
  const { page, close } = await enter(browser, url, ana, `${at}?open=two/writers`)
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('New value').fill('mine')
  await put('two/writers', 'theirs')
  // Refused when it was pressed before the news came, forbidden when it came first: never overwritten unseen.
  await page
    .getByRole('button', { name: 'Set value' })
    .click({ timeout: 2000 })
    .catch(() => undefined)
  await page.getByText('set version 2 while you were typing').waitFor()
  await page.getByText('theirs').first().waitFor()
  expect((await get('two/writers')).value).toBe('theirs')
  expect(await page.getByLabel('New value').inputValue()).toBe('mine')
  await page.getByRole('button', { name: 'I have seen it; replace it with mine' }).click()
  await page.getByRole('button', { name: 'Set value' }).click()
  await page.getByText('Version 3').waitFor()
  expect((await get('two/writers')).value).toBe('mine')
  await close()
})

test('a new value never replaces one that is there', async () => {
  await put('taken', 'old')
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByRole('button', { name: 'Set a value' }).click()
  await page.getByLabel('Key path').fill('taken')
  await page.getByRole('dialog').getByRole('button', { name: 'Set value' }).click()
  await page.getByText('There is a value here already').waitFor()
  expect((await get('taken')).value).toBe('old')
  await page.getByRole('button', { name: 'Open it' }).click()
  await page.getByRole('dialog').getByText('Version 1').waitFor()
  await close()
})

test('a deleted value is gone for readers and stays in the history', async () => {
  await put('to/delete', 'x')
  const { page, close } = await enter(browser, url, ana, `${at}?open=to/delete`)
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete value' }).click()
  await page.getByText('No value here').waitFor()
  await page.getByText('Deleted', { exact: true }).waitFor()
  await expect(get('to/delete')).rejects.toThrow()
  await close()
})

test('scripts in values run nowhere', async () => {
  for (const [n, text] of payloads.slice(0, 40).entries()) await put(`hostile/${n}`, text)
  await put('hostile/all', payloads.join('\n'))
  const { page, misdeeds, close } = await enter(browser, url, ana, `${at}?prefix=hostile/`)
  await page.getByRole('button', { name: 'all', exact: true }).click()
  await page.getByRole('dialog').getByText('Version 1').waitFor()
  expect(await page.getByRole('dialog').textContent()).toContain(payloads.at(-1))
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds.dialogs).toEqual([])
  await close()
})
