import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { askApproved, readRelease } from '../releases.ts'
import { serve } from '../serve.ts'
import { addAccount, openPanel } from './account-scene.ts'
import { faultsOf } from './axe.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
// Each step is looked at by axe, in six looks in the long run.
const patient = { timeout: 240_000 }
const browser = await openBrowser()
const project = await makeProject(world)
const bare = await makeProject(world)
const ana = await makePerson(world, project, 'OWNER', { name: 'Ana Silva' })
const bob = await makePerson(world, bare, 'OWNER', { name: 'Bob' })
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia Meyer' })
const viewer = await makePerson(world, project, 'VIEWER', { name: 'Vic' })
const { actor } = await makeKey(world, project, 'admin')
const tab = `/p/${project.id}/secrets?tab=kept`

/** What the release of a secret by this name says, after a yes. */
async function textOf(name: string) {
  const { items } = await as(world, ana.actor).kept.list({})
  const id = items.find((one) => one.name === name)?.kept_id ?? ''
  const asked = await askApproved(world, actor, ana.actor, { secret: id, seconds: 300 })
  return (await readRelease(world, actor, asked)).secret
}

test(
  'a release-only secret is stored, renamed and replaced by hand, its text never comes back, and it is deleted',
  patient,
  async () => {
    const { page, misdeeds, close } = await enter(browser, url, mia, tab)
    await page.getByText('Nothing waits behind an approval yet').waitFor()
    await page.getByRole('button', { name: 'Store a secret' }).click()
    const form = page.getByRole('form', { name: 'Release-only secret' })
    await form.getByRole('button', { name: 'Store secret' }).click()
    await soon(() => form.getByText('Must not be empty.').count()).toBe(2)
    await soon(() => form.getByLabel('Name').evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await form.getByLabel('Name').fill('Production database')
    await form.getByLabel('The secret').fill('first text\nof two lines ')
    const replies: string[] = []
    page.on('response', async (reply) => {
      if (reply.url().includes('/trpc/')) replies.push(await reply.text().catch(() => ''))
    })
    await form.getByRole('button', { name: 'Store secret' }).click()
    await page.getByText('Stored. It leaves only by an approval.').waitFor()
    await page.getByRole('button', { name: 'Production database' }).waitFor()
    expect(await textOf('Production database')).toBe('first text\nof two lines ')

    // A name of somebody else's is refused at its field.
    await page.getByRole('button', { name: 'Store a secret' }).click()
    await form.getByLabel('Name').fill('Production database')
    await form.getByLabel('The secret').fill('x')
    await form.getByRole('button', { name: 'Store secret' }).click()
    await form.getByText('This name is taken').waitFor()
    await form.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Production database' }).click()
    const drawer = page.getByRole('dialog', { name: 'Production database' })
    await drawer.getByText('How to ask').waitFor()
    expect(await drawer.locator('pre').innerText()).toMatch(/"release":\{"secret":"[0-9A-Z]{26}"\}/)
    expect(await faultsOf(page)).toEqual([])
    await drawer.getByRole('button', { name: 'Change…' }).click()
    expect(await form.getByLabel('New text').inputValue()).toBe('')
    expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await form.getByLabel('New text').fill('second text')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    expect(await textOf('Production database')).toBe('second text')
    await page.getByRole('button', { name: 'Change…' }).click()
    await form.getByLabel('Name').fill('Staging database')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Staging database' }).waitFor()
    expect(await textOf('Staging database')).toBe('second text')
    expect(replies.join()).not.toMatch(/first text|second text/)

    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('button', { name: 'Delete secret' }).click()
    await page.getByText('Nothing waits behind an approval yet').waitFor()
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
    expect(await misdeeds.refused()).toEqual([])
    await close()
  },
)

test(
  'a viewer sees names and no way to change anything; the list is live; an empty one says how to begin',
  patient,
  async () => {
    const { page, close } = await enter(browser, url, viewer, tab)
    await page.getByText('Nothing waits behind an approval yet').waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
    await as(world, ana.actor).kept.create({ name: 'came while looking', secret: 'x' })
    await page.getByRole('button', { name: 'came while looking' }).click()
    await page.getByText('How to ask').last().waitFor()
    for (const name of ['Change…', 'Delete…', 'Store a secret', 'What happened to it'])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    await close()
    const other = await enter(browser, url, bob, `/p/${bare.id}/secrets?tab=kept`)
    await other.page.getByText('Nothing waits behind an approval yet').waitFor()
    expect(await other.page.locator('pre').innerText()).toContain('/v1/secrets/release-only')
    expect(await faultsOf(other.page)).toEqual([])
    await other.close()
  },
)

test(
  'an account is marked only by approval by who manages it, shows it in the list, and only its owner ends that',
  patient,
  async () => {
    const account = await addAccount(world, ana, 'root@prod')
    await as(world, ana.actor).accounts.permit({
      accountId: account.id,
      action: 'grant',
      email: mia.email,
      role: 'manager',
    })
    const codes = async () => (await as(world, actor).accounts.codes({ ids: account.id })).items[0]
    expect(await codes()).toHaveProperty('code')
    const { page, dialog, close } = await openPanel(browser, url, mia, account, { project })
    const mark = dialog.getByRole('switch', { name: 'Only by approval' })
    await dialog.locator('label', { hasText: 'Only by approval' }).click()
    await page.getByText('Keys get its codes only by an approval now.').waitFor()
    expect(await codes()).toMatchObject({ error_code: 'ONLY_BY_APPROVAL' })
    await soon(() => mark.isDisabled()).toBe(true)
    await dialog.getByText('Its owner and admins can end that.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator(`[data-account="${account.id}"]`).getByText('Only by approval').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await close()
    const owner = await openPanel(browser, url, ana, account, { project })
    await owner.dialog.locator('label', { hasText: 'Only by approval' }).click()
    await owner.page.getByText('Keys that may read it get its codes again.').waitFor()
    expect(await codes()).toHaveProperty('code')
    await owner.close()
  },
)

test(
  'a path of values is marked from a value’s drawer or by itself, its rows show it, and the mark is taken away',
  patient,
  async () => {
    const put = (key_path: string) => as(world, ana.actor).values.put({ key_path, value: 'tok' })
    const reads = (key_path: string) => codeOf(as(world, actor).values.get({ key_path }))
    await put('deploy/prod/token')
    await put('deploy/staging')
    const { page, misdeeds, close } = await enter(browser, url, ana, `/p/${project.id}/values?open=deploy/prod/token`)
    const drawer = page.getByRole('dialog', { name: 'deploy/prod/token' })
    await drawer.getByRole('button', { name: 'Only by approval…' }).click()
    const asking = page.getByRole('dialog', { name: 'Only by approval' })
    await asking.getByLabel('What is marked').selectOption('deploy/prod')
    expect(await faultsOf(page)).toEqual([])
    await asking.getByRole('button', { name: 'Mark it' }).click()
    await drawer.getByText('Marked with all below').waitFor()
    expect(await reads('deploy/prod/token')).toBe('ONLY_BY_APPROVAL')
    expect(await reads('deploy/staging')).toBe('done')
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'deploy/' }).click()
    await page.getByRole('button', { name: /prod\/.*Only by approval/ }).click()
    const row = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: 'token', exact: true }) })
      .last()
    await row.getByText('Only by approval').waitFor()
    expect(await faultsOf(page)).toEqual([])

    await page.getByRole('button', { name: 'Marked paths' }).click()
    const marks = page.getByRole('dialog', { name: 'Only by approval' })
    await marks.getByLabel('Key path').fill('no/../path')
    await marks.getByRole('button', { name: 'Mark path' }).click()
    await soon(() => marks.getByLabel('Key path').getAttribute('aria-invalid')).toBe('true')
    await marks.getByLabel('Key path').fill('billing')
    await marks.getByRole('button', { name: 'Mark path' }).click()
    await marks.getByText('billing', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await marks.getByRole('button', { name: 'Remove the mark of deploy/prod' }).click()
    await page.getByRole('button', { name: 'Remove mark', exact: true }).click()
    await marks.getByText('deploy/prod', { exact: true }).waitFor({ state: 'hidden' })
    expect(await reads('deploy/prod/token')).toBe('done')
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
    await close()
  },
)

test('members and viewers see marks and cannot change them', patient, async () => {
  await as(world, ana.actor).values.put({ key_path: 'seen/one', value: 'x' })
  await as(world, ana.actor).values.guard({ key_path: 'seen' })
  for (const who of [mia, viewer]) {
    const { page, close } = await enter(browser, url, who, `/p/${project.id}/values?open=seen/one`)
    await page.getByText('Marked with all below').waitFor()
    expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Marked paths' }).click()
    await page.getByRole('dialog').getByText('seen', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: /^(Remove|Mark path)/ }).count()).toBe(0)
    await close()
  }
})
