import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { type Got, inside, receiver } from '../webhooks.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve(inside)
// Each step is looked at by axe, in six looks in the long run.
const patient = { timeout: 240_000 }
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana Silva' })
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia Meyer' })
const at = `/p/${project.id}/connections`

type Page = Awaited<ReturnType<typeof enter>>['page']

const dialog = (page: Page, name: string | RegExp) =>
  page.getByRole('dialog', { name, exact: typeof name === 'string' })
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

/** Whether a request bears a signature by this secret, as Standard Webhooks says. */
function isSigned(secret: string, { body, headers }: Got): boolean {
  try {
    // The library reads its three headers only.
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}

test('a channel is made, tested, told of an approval, switched off, and deleted', patient, async () => {
  const topic = await receiver()
  topic.answer(200)
  const { page, misdeeds, close } = await enter(browser, url, ana, at)
  await page.getByText('No channel yet').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await button(page, 'Make the first channel').click()
  const form = page.getByRole('form', { name: 'Channel' })
  await form.getByLabel('Kind').selectOption('ntfy')
  await form.getByLabel('Topic URL').fill(`${new URL(topic.url).origin}/two/parts`)
  await button(page, 'Make channel').click()
  await form.getByText('Must not be empty.').waitFor()
  await form.getByLabel('Name').fill('Phones')
  await button(page, 'Make channel').click()
  await form.getByText('Must be as https://ntfy.sh/TOPIC').waitFor()
  await soon(() => form.getByLabel('Topic URL').evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  await form.getByLabel('Topic URL').fill(`${new URL(topic.url).origin}/our-deploys`)
  await form.getByLabel('It expires undecided').uncheck()
  await button(page, 'Make channel').click()
  await page.getByText('The channel is there. Send it a test message.').waitFor()
  await button(page, 'Phones').click()
  const drawer = dialog(page, 'Phones')
  await drawer.getByText('An approval is asked for').waitFor()
  expect(await drawer.getByText('It expires undecided').count()).toBe(0)
  // The address opens the topic: it does not come back.
  expect(await page.content()).not.toContain('our-deploys')
  await button(page, 'Send a test message').click()
  await drawer.getByText('It arrived. It answered 200.').waitFor()
  expect(await faultsOf(page)).toEqual([])
  const before = topic.got.length
  expect(before).toBeGreaterThanOrEqual(1)
  await as(world, actor).approvals.create({ key_path: 'deploy/prod', value: 'approved' })
  await soon(() => topic.got.length).toBeGreaterThan(before)

  topic.answer(500)
  await button(page, 'Send a test message').click()
  await drawer.getByText('It did not arrive. It answered 500.').waitFor()
  await topic.close()
  await button(page, 'Send a test message').click()
  await drawer.getByText('It did not arrive: it refused the connection.').waitFor()

  await button(page, 'Change…').click()
  expect(await form.getByLabel('Topic URL').inputValue()).toBe('')
  await form.getByLabel('Name').fill('Phones of ops')
  await button(page, 'Save').click()
  await dialog(page, 'Phones of ops').waitFor()
  await button(page, 'Switch off').click()
  await dialog(page, 'Phones of ops').getByText('Switched off').waitFor()
  await button(page, 'Switch on').click()
  await button(page, 'Switch off').waitFor()
  await button(page, 'Delete…').click()
  await button(page, 'Delete channel').click()
  await page.getByText('No channel yet').waitFor()
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test(
  'a webhook is made with chosen events, its secret is shown once, and what it signs arrives and is listed',
  patient,
  async () => {
    const target = await receiver()
    const { page, misdeeds, close } = await enter(browser, url, ana, `${at}?tab=webhooks`)
    await page.getByText('No webhook yet').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Make the first webhook').click()
    const form = page.getByRole('form', { name: 'Webhook' })
    await form.getByLabel('URL').fill('ftp://example.com')
    await button(page, 'Make webhook').click()
    await form.getByText(/^Must be an https URL/).waitFor()
    await soon(() => form.getByLabel('URL').evaluate((field) => field === document.activeElement)).toBe(true)
    await form.getByLabel('URL').fill(target.url)
    await form.getByLabel('Description').fill('Deploy pipeline')
    await form.getByLabel('Only these').check()
    const chosen = form.getByRole('group', { name: 'It is told of' })
    await chosen.getByRole('checkbox', { name: 'Approvals', exact: true }).uncheck()
    await button(page, 'Make webhook').click()
    await form.getByRole('alert').getByText('Choose at least one.').waitFor()
    await chosen.getByRole('checkbox', { name: 'Value set' }).check()
    await form.getByText(/^1 of \d+ chosen$/).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Make webhook').click()
    const shown = dialog(page, 'Store the signing secret')
    const secret = (await shown.locator('pre').first().innerText()).trim()
    expect(secret).toMatch(/^whsec_/)
    expect(await button(page, 'Done').isDisabled()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await shown.getByLabel('I have stored it').check()
    await button(page, 'Done').click()
    await button(page, 'Deploy pipeline').click()
    const drawer = dialog(page, 'Deploy pipeline')
    await drawer.getByText('Nothing was sent yet.').waitFor()
    expect(await page.content()).not.toContain(secret)

    await as(world, ana.actor).values.put({ key_path: 'deploy/prod', value: 'x' })
    await soon(() => target.got.length).toBe(1)
    const [first] = target.got
    expect(first && isSigned(secret, first)).toBe(true)
    expect(first && isSigned(secret, { ...first, body: `${first.body} ` })).toBe(false)
    await drawer.getByRole('button', { name: 'value.set' }).waitFor()
    await drawer.getByRole('table').getByText('Delivered').waitFor()

    await button(page, 'Rotate secret…').click()
    await button(page, 'Rotate secret').click()
    const rotated = (await dialog(page, 'Store the new secret').locator('pre').first().innerText()).trim()
    expect(rotated).not.toBe(secret)
    await page.getByLabel('I have stored it').check()
    await button(page, 'Done').click()
    await drawer.getByText('Two signatures until').waitFor()
    await button(page, 'Send a test event').click()
    await drawer.getByText('It arrived. It answered 204.').waitFor()
    const last = target.got.at(-1)
    expect(last && [isSigned(secret, last), isSigned(rotated, last)]).toEqual([true, true])
    expect(await faultsOf(page)).toEqual([])
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
    expect(await misdeeds.refused()).toEqual([])
    await close()
  },
)

test(
  'what failed is found by its state, shows each try as text, and is sent again, one or all of a time',
  patient,
  async () => {
    const target = await receiver()
    target.answer((reply) => reply.writeHead(500).end('<b>broken</b>'))
    const made = await as(world, ana.actor).webhooks.create({
      url: target.url,
      description: 'Flaky',
      events: ['value.set'],
    })
    const { page, misdeeds, close } = await enter(browser, url, ana, `${at}?tab=webhooks&open=${made.id}`)
    const drawer = dialog(page, 'Flaky')
    await button(page, 'Send a test event').click()
    await drawer.getByText('It did not arrive. It answered 500.').waitFor()
    await as(world, ana.actor).values.put({ key_path: 'flaky', value: 'x' })
    await drawer
      .getByText(/^Answered 500 · /)
      .first()
      .waitFor()
    const states = drawer.getByRole('table', { name: 'Deliveries' })
    await drawer.getByLabel('State').selectOption('failed')
    await states.getByRole('button', { name: 'webhook.test' }).waitFor()
    await states.getByRole('button', { name: 'value.set' }).waitFor({ state: 'hidden' })
    await drawer.getByLabel('State').selectOption('delivered')
    await drawer.getByText('Nothing matches.').waitFor()
    await drawer.getByRole('button', { name: 'Clear filters' }).click()
    await drawer.getByLabel('Event').selectOption('value.set')
    await states.getByRole('button', { name: 'webhook.test' }).waitFor({ state: 'hidden' })
    expect(await faultsOf(page)).toEqual([])
    await states.getByRole('button', { name: 'value.set' }).click()
    const one = dialog(page, 'value.set')
    await one.getByText('Answered 500').first().waitFor()
    await one.getByText('<b>broken</b>').first().waitFor()
    expect(await one.locator('pre').last().innerText()).toContain('"type":"value.set"')
    expect(await faultsOf(page)).toEqual([])
    target.answer(204)
    await button(page, 'Send it again').click()
    await one.getByText('Taken').waitFor()
    await one.getByText('Delivered').waitFor()
    const ids = new Set(target.got.filter(({ body }) => body.includes('"value.set"')).map(({ id }) => id))
    expect(ids.size).toBe(1)
    await page.keyboard.press('Escape')
    await one.waitFor({ state: 'hidden' })

    await button(page, 'Send again…').click()
    const all = dialog(page, /^Send events to/)
    expect(await button(page, 'Send again').isDisabled()).toBe(true)
    await all.getByLabel('Since').fill('2020-01-01T00:00')
    await all.getByLabel('Only what failed').uncheck()
    expect(await faultsOf(page)).toEqual([])
    const before = target.got.length
    await button(page, 'Send again').click()
    await page.getByText(/^\d+ events? (is|are) sent again\.$/).waitFor()
    await soon(() => target.got.length).toBeGreaterThan(before)
    await button(page, 'Switch off').click()
    await drawer.getByText('Switched off', { exact: true }).waitFor()
    expect(await button(page, 'Send again…').count()).toBe(0)
    await button(page, 'Delete…').click()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Delete webhook').click()
    await drawer.waitFor({ state: 'hidden' })
    expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
    expect(await misdeeds.refused()).toEqual([])
    await close()
  },
)

test('connections that fail or were switched off for it stand out in their lists', patient, async () => {
  const other = await makeProject(world)
  const olga = await makePerson(world, other, 'OWNER', { name: 'Olga' })
  const { webhooks, channels } = as(world, olga.actor)
  const ids = []
  for (const description of ['gone', 'failed for days', 'failing now'])
    ids.push(
      (await webhooks.create({ url: `http://127.0.0.1:9999/${description.replace(/ /g, '-')}`, description })).id,
    )
  const { id } = await channels.create({ kind: 'ntfy', name: 'Phones', address: 'http://127.0.0.1:9999/a' })
  const { sql } = world.db
  await sql`update webhooks set disabled_at = now(), disabled_for = 'gone' where id = ${ids[0] ?? ''}`
  await sql`update webhooks set disabled_at = now(), disabled_for = 'failing' where id = ${ids[1] ?? ''}`
  await sql`update webhooks set failing_since = now() where id = ${ids[2] ?? ''}`
  await sql`update channels set disabled_at = now(), disabled_for = 'failing' where id = ${id}`
  const { page, close } = await enter(browser, url, olga, `/p/${other.id}/connections?tab=webhooks`)
  await page.getByText('Off: it is gone').waitFor()
  await page.getByText('Off: it failed for days').waitFor()
  await page.getByText('Failing', { exact: true }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('tab', { name: 'Channels' }).click()
  await page.getByText('Off: it failed for days').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await close()
})

test('a member finds no way to connections, and no button behind their address', patient, async () => {
  const { page, close } = await enter(browser, url, mia, at)
  await shows(page, 'Connections')
  await page.getByText('Not with your role').waitFor()
  expect(await page.getByRole('link', { name: 'Connections' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /New|Make/ }).count()).toBe(0)
  await close()
})
