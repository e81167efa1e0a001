import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { vote, yesOrNo } from '../voting.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, press, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const owner = await makePerson(world, project, 'OWNER', { name: 'Olga Owner' })
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana Silva' })
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia Meyer', email: 'mia@example.com' })
const tom = await makePerson(world, project, 'MEMBER', { name: 'Tom Tailor', email: 'tom@example.com' })

const admins = { any_of: ['role:ADMIN'], required: 1 }
const named = { any_of: [mia.email, tom.email], required: 1 }

let count = 0
async function ask(approvers = [admins, named], more: object = {}) {
  count += 1
  const made = await makeApproval(world, actor, { key_path: `deploy/${count}`, actions: yesOrNo, approvers, ...more })
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, read, page: `/a/${made.token}`, drawer: `/p/${project.id}/approvals?open=${made.approval_id}` }
}

const on = (who: typeof ana, path: string) => enter(browser, url, who, path)
/** The box that says how far an approval has come. */
const agreed = (page: Awaited<ReturnType<typeof on>>['page']) => page.getByRole('region', { name: 'Who has agreed' })

describe('an approval that two groups give', () => {
  test('is given by two people in two browsers; the second sees the first one’s vote arrive', async () => {
    const one = await ask()
    const first = await on(mia, one.page)
    const second = await on(ana, one.page)
    await agreed(second.page).getByText('every admin').waitFor()
    await agreed(second.page).getByText('mia@example.com, tom@example.com').waitFor()
    expect(await agreed(second.page).getByText('0 of 1').count()).toBe(2)
    await press(first.page, 'Approve')
    await first.page.getByText('You said Approve. You can change that until it is decided.').waitFor()
    expect(await one.read()).toMatchObject({ status: 'pending', decision: null })
    // Nobody touches the second browser meanwhile.
    await agreed(second.page).getByText('Mia Meyer: Approve').waitFor()
    await agreed(second.page).getByText('1 of 1').waitFor()
    expect(await faultsOf(second.page)).toEqual([])
    await press(second.page, 'Approve')
    await shows(second.page, 'You answered “Approve”')
    await shows(first.page, /Approve/)
    const done = await one.read()
    expect(done).toMatchObject({ status: 'executed', decision: { decided_by: { id: ana.id } } })
    expect(done.progress?.votes.map(({ by }) => by.name)).toEqual(['Mia Meyer', 'Ana Silva'])
    for (const { misdeeds, close } of [first, second]) {
      expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
      expect(await misdeeds.refused()).toEqual([])
      await close()
    }
  })

  test('takes a changed vote from the page, and its taking back from the drawer', async () => {
    const one = await ask([admins, { ...named, required: 2 }], {
      actions: [
        { key: 'approve', value: 'now', style: 'primary' },
        { key: 'later', value: 'later' },
      ],
    })
    const { page, close } = await on(mia, one.page)
    await press(page, 'Approve')
    await page.getByText('You said Approve.').waitFor()
    await press(page, 'Later')
    await page.getByText('You said Later.').waitFor()
    expect((await one.read()).progress?.votes).toMatchObject([{ by: { id: mia.id }, action: 'later' }])
    // Who comes back finds what they said.
    await page.reload()
    await page.getByText('You said Later.').waitFor()
    await page.goto(url + one.drawer)
    await page.getByRole('button', { name: 'Take back my vote' }).click()
    await page.getByText('Your vote is taken back.').waitFor()
    await agreed(page).getByText('Mia Meyer').waitFor({ state: 'hidden' })
    expect((await one.read()).progress?.votes).toEqual([])
    await press(page, 'Approve')
    await agreed(page).getByText('Mia Meyer: Approve').waitFor()
    expect(await page.getByRole('button', { name: 'Take back my vote' }).count()).toBe(1)
    await close()
  })

  test('is ended by one veto, whoever agreed before', async () => {
    const one = await ask()
    await vote(world, mia, one, 'approve', { comment: 'Looks right.' })
    const waiting = await on(tom, one.page)
    const { page, close } = await on(ana, one.page)
    await agreed(page).getByText('Looks right.').waitFor()
    await press(page, /^Reject/)
    await press(page, 'Confirm')
    await shows(page, 'You answered “Reject”')
    await shows(waiting.page, 'Already answered: “Reject”')
    expect(await one.read()).toMatchObject({ status: 'executed', decision: { action: 'reject' } })
    await waiting.close()
    await close()
  })

  test('does not count who was shown out since, and says so', async () => {
    const one = await ask([admins, { ...named, required: 2 }])
    const gone = await makePerson(world, project, 'ADMIN', { name: 'Gone Already' })
    await vote(world, gone, one)
    await vote(world, mia, one)
    await as(world, owner.actor).users.disable({ userId: gone.id })
    const { page, close } = await on(ana, one.page)
    const box = agreed(page)
    await box.getByText('Gone Already: Approve (no longer counts').waitFor()
    await box.getByText('0 of 1').waitFor()
    await box.getByText('1 of 2').waitFor()
    expect(await box.getByText('Mia Meyer: Approve').innerText()).not.toContain('no longer counts')
    await page.goto(url + one.drawer)
    await box.getByText('Gone Already: Approve (no longer counts').waitFor()
    await close()
  })

  test('tells how far it is in the inbox, live, and does not ask whoever is in no group', async () => {
    const one = await ask([admins, { ...named, required: 2 }])
    const { page, close } = await on(ana, `/p/${project.id}`)
    const card = page.getByRole('listitem').filter({ hasText: `deploy/${count}` })
    await card.getByText('0 of 3 agreed').waitFor()
    await vote(world, mia, one)
    await card.getByText('1 of 3 agreed').waitFor()
    await close()
    const other = await on(owner, one.page)
    await other.page.getByText('You cannot decide this.').waitFor()
    await agreed(other.page).getByText('Mia Meyer: Approve').waitFor()
    expect(await other.page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await other.close()
  })
})

test('the drawer of a decided approval hands out a receipt that names everybody who agreed', async () => {
  const one = await ask()
  await vote(world, mia, one)
  await vote(world, ana, one)
  const { page, close } = await on(owner, one.drawer)
  await page.getByRole('button', { name: 'Receipt…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Receipt' })
  await dialog.getByText('Mia Meyer, Ana Silva').waitFor()
  const shown = (await dialog.locator('pre').innerText()).trim()
  const { receipt } = await as(world, owner.actor).approvals.receipt({ approval_id: one.approval_id })
  expect(shown.split('.')).toHaveLength(3)
  const payload = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
  expect(payload(shown)).toMatchObject({ approval_id: one.approval_id, action: 'approve' })
  expect(payload(shown).decided_by).toEqual(payload(receipt).decided_by)
  expect(await faultsOf(page)).toEqual([])
  await close()
  const pending = await ask()
  const before = await on(owner, pending.drawer)
  await before.page.getByText('Timeline').waitFor()
  await soon(() => before.page.getByRole('button', { name: 'Receipt…' }).count()).toBe(0)
  await before.close()
})
