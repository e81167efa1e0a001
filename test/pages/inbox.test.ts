import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, press, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()

/** A project with a key that asks and a person who is signed in. */
async function office(role: 'OWNER' | 'MEMBER' | 'VIEWER' = 'OWNER') {
  const asker = await makeAsker(world)
  const person = await makePerson(world, asker.project, role)
  const ask = async (wish: Parameters<typeof makeApproval>[2] = {}) => {
    const made = await makeApproval(world, asker.actor, wish)
    return { ...made, read: () => as(world, asker.actor).approvals.get({ approval_id: made.approval_id }) }
  }
  return { ...asker, person, ask, at: `/p/${asker.project.id}` }
}

test('what needs the reader stands first with its time left, and is counted in the title', async () => {
  const { person, ask, at } = await office()
  await ask({ key_path: 'deploy/prod', info: 'Deploy **v2**', ttl_seconds: 3600 })
  await ask({ key_path: 'for/others', approvers: [{ any_of: ['carl@example.com'] }] })
  const { page, close } = await enter(browser, url, person, at)
  await page.getByRole('heading', { name: 'Needs your decision (1)' }).waitFor()
  await page.getByRole('heading', { name: 'Waiting on others (1)' }).waitFor()
  await page.getByText('Deploy v2', { exact: true }).waitFor()
  await page.getByText(/59 min \d+ s left/).waitFor()
  expect(await page.title()).toMatch(/^\(1\) Inbox/)
  await close()
})

test('a request that is asked while the inbox is open appears by itself', async () => {
  const { person, ask, at } = await office()
  const { page, close } = await enter(browser, url, person, at)
  await page.getByText('Nothing needs you').waitFor()
  await page.getByText('curl -X POST').waitFor()
  await ask({ key_path: 'just/asked' })
  await page.getByRole('button', { name: 'just/asked' }).waitFor({ timeout: 10_000 })
  await soon(() => page.title()).toMatch(/^\(1\)/)
  await close()
})

test('opening a request decides nothing; its button does, and the inbox shows the outcome', async () => {
  const { person, ask, at } = await office()
  const one = await ask({ key_path: 'deploy/prod' })
  const { page, close } = await enter(browser, url, person, at)
  await page.getByRole('button', { name: 'deploy/prod' }).click()
  await page.getByRole('dialog').getByText('Time left to decide').waitFor()
  expect((await one.read()).status).toBe('pending')
  expect(page.url()).toContain(`open=${one.approval_id}`)
  await press(page, 'Approve')
  await page
    .getByRole('dialog')
    .getByText(/Approve by Ana Silva/)
    .waitFor()
  const read = await one.read()
  expect(read.decision).toMatchObject({ action: 'approve', decided_by: { type: 'person', id: person.id } })
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Recent outcomes' }).waitFor()
  expect(await page.title()).not.toMatch(/^\(/)
  await close()
})

test('a PIN, a comment and a second step are asked for before anything is sent', async () => {
  const { person, ask, at } = await office()
  const one = await ask({
    pin: '4829',
    comment: 'required',
    actions: [{ key: 'stop', label: 'Stop it', value: 'stopped', style: 'danger' }],
  })
  const { page, close } = await enter(browser, url, person, `${at}?open=${one.approval_id}`)
  const sent: string[] = []
  page.on('request', (request) => void (/approvals\.decide/.test(request.url()) && sent.push(request.url())))
  await press(page, /^Stop it/)
  await page.getByText('Enter the PIN: 4 to 12 digits.').waitFor()
  await page.getByLabel('PIN').fill('0000')
  await page.getByRole('textbox', { name: 'Comment' }).fill('Not today')
  await press(page, /^Stop it/)
  expect(sent).toEqual([])
  await press(page, 'Confirm')
  await page.getByText('That PIN is wrong.').waitFor()
  await page.getByText('4 attempts left').waitFor()
  expect(await page.getByLabel('PIN').inputValue()).toBe('')
  await page.getByLabel('PIN').fill('4829')
  await press(page, /^Stop it/)
  await press(page, 'Confirm')
  await page
    .getByRole('dialog')
    .getByText(/Stop it by Ana Silva/)
    .waitFor()
  expect((await one.read()).decision?.comment).toBe('Not today')
  await close()
})

test('who was second sees the winner’s answer instead of an error', async () => {
  const { person, project, ask, at } = await office()
  const other = await makePerson(world, project, 'MEMBER', { name: 'Bo Second' })
  const one = await ask()
  const { page, close } = await enter(browser, url, person, `${at}?open=${one.approval_id}`)
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  // No news may come in between: the press itself has to find out.
  await page.route(/approvals\.get/, (route) => route.abort())
  await page.route(/approvals\.decide/, async (route) => {
    await page.unroute(/approvals\.get/)
    await route.continue()
  })
  const { action_hash } = await one.read()
  await as(world, other.actor).approvals.decide({ approval_id: one.approval_id, action: 'approve', action_hash })
  await press(page, 'Approve')
  await page
    .getByRole('dialog')
    .getByText(/Approve by Bo Second/)
    .waitFor()
  await close()
})

test('a viewer sees what is asked and no button', async () => {
  const { person, ask, at } = await office('VIEWER')
  const one = await ask()
  const { page, close } = await enter(browser, url, person, `${at}?open=${one.approval_id}`)
  await page.getByText('Waits for a member of the project.').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  await close()
})

test('a failed read says why with its request id, and trying again brings the inbox', async () => {
  const { person, at } = await office()
  const { page, close } = await enter(browser, url, person, '/account')
  await page.route(/inbox\.get/, (route) => route.abort())
  await page.goto(url + at)
  await page.getByText('This could not be loaded').waitFor({ timeout: 20_000 })
  await page.unroute(/inbox\.get/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Nothing needs you').waitFor()
  await close()
})

test('a project of others answers as one that does not exist', async () => {
  const { at } = await office()
  const stranger = await makePerson(world, await makeProject(world))
  const { page, close } = await enter(browser, url, stranger, at)
  await shows(page, 'Nothing here')
  await close()
})
