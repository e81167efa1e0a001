import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows, visit } from './browser.ts'
import { enter } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/approvals/new`

test('a key path is enough: the link decides, in another browser', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByLabel('Key path').fill('by/hand')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Give the link to who decides')
  const link = await page.getByText(/\/a\/[0-9A-Z]{26}/).textContent()
  const approver = await visit(browser, link ?? '')
  await press(approver.page, 'Approve')
  await shows(approver.page, 'You answered')
  expect((await as(world, actor).values.get({ key_path: 'by/hand' })).value).toBe('approved')
  await approver.close()
  await close()
})

test('everything of the form arrives as it was entered, and PIN and number are shown once', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByLabel('Key path').fill('all/of-it')
  await page.getByLabel('What is asked').fill('Deploy **v2**?')
  expect(await page.getByLabel('Preview of what is asked').locator('strong').textContent()).toBe('v2')
  await page.getByText('Buttons of my own').click()
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('Text').fill('Go')
  await page.getByRole('group', { name: 'Button 2' }).getByLabel('Style').selectOption('warning')
  await page.getByLabel('Time to decide').selectOption('own')
  await page.getByLabel('Minutes').fill('25')
  await page.getByText('Who decides, PIN').click()
  await page.getByLabel('Who decides').selectOption('signed_in')
  await page.getByLabel('Only these people').fill('carl@example.com\nrole:ADMIN')
  await page.getByLabel('PIN').selectOption('generate')
  await page.getByLabel('Ask for a number').click()
  await page.getByLabel('Comment').selectOption('required')
  await page.getByLabel('Reference').fill('run-7')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Give the link to who decides')
  await page.getByText(/^\d{6}$/).waitFor()
  await page.getByText(/^\d{3}$/).waitFor()
  const [read] = (await as(world, actor).approvals.list({ key_path: 'all/of-it' })).items
  expect(read).toMatchObject({
    info: 'Deploy **v2**?',
    ref_id: 'run-7',
    link: 'signed_in',
    approvers: [{ any_of: ['carl@example.com', 'role:ADMIN'], required: 1 }],
    needs: { pin: true, comment: 'required', match_number: true },
    actions: [
      { key: 'approve', label: 'Go', value: 'approved', style: 'primary' },
      { key: 'reject', label: 'Reject', value: 'rejected', style: 'warning' },
    ],
    created_by: { type: 'person', id: ana.id },
  })
  expect(Date.parse(read?.expires_at ?? '') - Date.parse(read?.created_at ?? '')).toBe(25 * 60_000)
  await page.getByRole('link', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor()
  expect(await page.content()).not.toMatch(/\/a\/[0-9A-Z]{26}/)
  await close()
})

test('a link is handed on by mail, by message, by the system’s sheet and as a QR code drawn here', async () => {
  const { page, misdeeds, close } = await enter(browser, url, ana, at)
  await page.addInitScript(() => {
    // Headless Chromium has no share sheet: what would be handed to it is kept for the test.
    Object.assign(navigator, { share: async (data: ShareData) => Object.assign(window, { __shared: data.url }) })
  })
  await page.reload()
  await page.getByLabel('Key path').fill('share/it&?#')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Each segment takes').first().waitFor()
  await page.getByLabel('Key path').fill('share/it')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Give the link to who decides')
  const link = (await page.getByText(/\/a\/[0-9A-Z]{26}/).textContent()) ?? 'none'
  const href = (name: string) => page.getByRole('link', { name }).getAttribute('href')
  expect(decodeURIComponent((await href('Mail')) ?? '')).toContain(link)
  expect(await href('Mail')).toMatch(/^mailto:\?subject=/)
  expect(decodeURIComponent((await href('Message')) ?? '')).toContain(link)
  await page.getByRole('button', { name: 'Share' }).click()
  expect(await page.evaluate(() => (window as { __shared?: string }).__shared)).toBe(link)
  await page.getByRole('button', { name: 'QR code' }).click()
  await page.getByAltText('QR code of the link').waitFor()
  expect(misdeeds.strayed.filter((address) => !address.startsWith(url))).toEqual([])
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('what is wrong is said at its field, and nothing that was entered is lost', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByLabel('Key path').fill('a//b')
  await page.getByLabel('What is asked').fill('Keep me')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Must not have an empty segment').first().waitFor()
  expect(await page.getByLabel('Key path').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByRole('textbox', { name: 'What is asked' }).inputValue()).toBe('Keep me')
  await close()
})

test('a viewer is told which role asks', async () => {
  const viewer = await makePerson(world, project, 'VIEWER')
  const { page, close } = await enter(browser, url, viewer, at)
  await page.getByText('Asking needs the role MEMBER, and yours is VIEWER').waitFor()
  await close()
})
