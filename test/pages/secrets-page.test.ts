import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter, soon } from './inside.ts'
import { linkUnder, overheard, reveal } from './reveal.ts'

const { world, url } = await serve({ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'countersign@example.com' })
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project)
await world.db.sql`update people set runs_instance = true where id = ${ana.id}`
const bob = await makePerson(world, project, 'MEMBER', { name: 'Bob' })
const room = `/p/${project.id}/secrets`
const at = `${room}/new`
const make = (who: typeof ana, more: object = {}) =>
  as(world, who.actor).secrets.create({
    secret: 'never in a list',
    encrypted_by: 'server',
    ttl: 3600,
    notify_me: false,
    ...more,
  })

test('the list shows what became of each secret, to a viewer too, and never a link, a key or a text', async () => {
  const made = await make(ana, { memo: 'for Carl', passphrase: 'open', recipient: 'carl@example.com' })
  const seen = await make(bob, { memo: 'seen' })
  await as(world, { type: 'visitor' }).secrets.reveal({ secret_key: seen.secret_key ?? '' })
  const viewer = await makePerson(world, project, 'VIEWER', { name: 'Vic' })
  const { page, close } = await enter(browser, url, viewer, room)
  const row = page.getByRole('row', { name: /for Carl/ })
  for (const word of ['Passphrase', 'Not read yet', 'Ana Silva', 'c***@example.com'])
    await row.getByText(word).waitFor()
  await page.getByRole('row', { name: /seen/ }).getByText('Read', { exact: true }).waitFor()
  for (const name of ['Share a secret', 'Ask for a secret'])
    expect(await page.getByRole('link', { name }).count()).toBe(0)
  await page.getByRole('button', { name: 'for Carl' }).click()
  await page.getByRole('dialog').getByText('Asked for before it is shown').waitFor()
  expect(await page.getByRole('button', { name: 'Burn…' }).count()).toBe(0)
  const drawn = await page.content()
  for (const hidden of [made.secret_key, made.metadata_key, seen.metadata_key, 'never in a list', 'carl@'])
    expect(drawn).not.toContain(hidden)
  for (const path of ['/new', '/ask']) {
    await page.goto(`${url}${room}${path}`)
    await page.getByText('This needs the role MEMBER, and yours is VIEWER').waitFor()
  }
  await close()
})

test('filters stand in the address and find by state, maker, name and id; a new secret appears by itself', async () => {
  await make(bob, { memo: 'by Bob' })
  const [newest] = (await as(world, bob.actor).secrets.list({})).items
  const { page, close } = await enter(browser, url, bob, `${room}?mine=true&state=new`)
  await page.getByRole('button', { name: 'by Bob' }).waitFor()
  expect(await page.getByLabel('Only mine').isChecked()).toBe(true)
  expect(await page.getByRole('button', { name: 'for Carl' }).count()).toBe(0)
  await make(bob, { memo: 'appears' })
  await page.getByRole('button', { name: 'appears' }).waitFor()
  await page.getByLabel('State').selectOption('Read')
  await page.getByRole('button', { name: 'seen' }).waitFor()
  expect(page.url()).toContain('state=received')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Name or id').fill(newest?.secret_id ?? '')
  await page.keyboard.press('Enter')
  await soon(() => page.locator('tbody tr').count()).toBe(1)
  await page.getByRole('button', { name: 'by Bob' }).waitFor()
  await close()
})

test('a secret is burned after a question, and its link says so', async () => {
  const made = await make(ana, { memo: 'burn me' })
  const { page, close } = await enter(browser, url, bob, `${room}?q=burn`)
  await page.getByRole('button', { name: 'burn me' }).click()
  await page.getByRole('button', { name: 'Burn…' }).click()
  await page.getByText('this cannot be undone').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect((await as(world, bob.actor).secrets.list({ q: 'burn me' })).items).toMatchObject([{ state: 'new' }])
  await page.getByRole('button', { name: 'Burn…' }).click()
  await page.getByRole('button', { name: 'Burn secret' }).click()
  await page.getByRole('dialog').getByText('Burned', { exact: true }).waitFor()
  const reader = await visit(browser, `${url}/s/${made.secret_key}`)
  await shows(reader.page, 'This secret was burned')
  await reader.close()
  await close()
})

test('with a recipient the server encrypts and mails; a passphrase is made, shown apart and asked for', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByRole('button', { name: 'Generate a password instead' }).click()
  expect(await page.getByLabel('The secret').inputValue()).toMatch(/^[A-HJ-NP-Za-km-z2-9]{12}$/)
  await page.getByRole('button', { name: '20 characters' }).click()
  const secret = await page.getByLabel('The secret').inputValue()
  expect(secret).toHaveLength(20)
  await page.getByText('Time, passphrase').click()
  await page.getByRole('button', { name: 'Generate one' }).click()
  const passphrase = await page.getByLabel('Passphrase').inputValue()
  await page.getByLabel('Recipient’s e-mail address').fill('dora@example.com')
  expect(await page.getByLabel('Encrypt in this browser').isChecked()).toBe(false)
  await page.getByText('the server mails the link to the recipient').waitFor()
  await page.getByLabel('Tell me when it is read').check()
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Hand the link on')
  await page.getByText('It is also mailed to d***@example.com.').waitFor()
  expect(await linkUnder(page, 'The passphrase')).toBe(passphrase)
  const link = await linkUnder(page, 'Share this link')
  expect(link).toMatch(/\/s\/[0-9a-z]{31}$/)
  const mail = decodeURIComponent((await page.getByRole('link', { name: 'Mail' }).getAttribute('href')) ?? '')
  expect(mail).toContain(link)
  expect(mail).not.toContain(passphrase)
  const receipt = await visit(browser, await linkUnder(page, 'Private receipt, keep'))
  await receipt.page.getByRole('heading', { level: 1 }).waitFor()
  await receipt.close()
  const reader = await visit(browser, link)
  await reader.page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await reader.page.waitForTimeout(600)
  await reader.page.getByRole('button', { name: 'Reveal the secret' }).click()
  await shows(reader.page, 'Here is the secret')
  await reader.close()
  await close()
})

test('a file that does not arrive is sent again, and a reply that was lost is not taken for that', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  let tries = 0
  await page.route(/\/v1\/link\/uploads\//, async (route) => {
    tries += 1
    if (tries === 1) return route.abort()
    // The second arrives, and its reply is lost.
    await route.fetch()
    return route.abort()
  })
  await page.getByText('Time, passphrase').click()
  await page.getByLabel('A file').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Sending the file')
  await page.getByRole('button', { name: 'Send the file again' }).click()
  await shows(page, 'Hand the link on')
  expect(tries).toBe(2)
  const reader = await reveal(browser, await linkUnder(page, 'Share this link'))
  await reader.page.getByText('a.txt').waitFor()
  await reader.close()
  await close()
})

test('an ask is cancelled from the list, and its link says that nothing is needed', async () => {
  const asked = await as(world, ana.actor).asks.create({
    title: 'Not any more',
    ttl: 3600,
    answer_ttl: 3600,
    encrypted_by: 'server',
  })
  const { page, close } = await enter(browser, url, ana, `${room}?tab=asks&status=open`)
  await page.getByRole('button', { name: 'Cancel Not any more' }).click()
  await page.getByRole('button', { name: 'Cancel ask' }).click()
  await page.getByRole('cell', { name: 'Not any more', exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page
    .getByRole('row', { name: /Not any more/ })
    .getByText('Cancelled')
    .waitFor()
  const giver = await visit(browser, asked.url)
  await giver.page.getByRole('heading', { level: 1 }).waitFor()
  expect(await giver.page.getByRole('button', { name: 'Send the secret' }).count()).toBe(0)
  await giver.close()
  await close()
})

test('what is wrong stands at its field, and nothing that was typed is lost or sent', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  const sent = overheard(page)
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Must not be empty.').waitFor()
  await page.getByLabel('The secret').fill('é'.repeat(5001))
  await page.getByText('Must be at most 10000 bytes.').waitFor()
  await page.getByText('Time, passphrase').click()
  await page.getByLabel('Passphrase').fill('p'.repeat(1001))
  await page.getByLabel('Can be read for').selectOption('own')
  await page.getByLabel('How many').fill('40')
  await page.getByLabel('Unit').selectOption('Days')
  await page
    .getByLabel('A file')
    .setInputFiles({ name: 'big.bin', mimeType: 'x/y', buffer: Buffer.alloc(5 * 1024 * 1024 + 1) })
  await page.getByText('Must be at most 5 MiB.').waitFor()
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Must be between a minute and 30 days.').waitFor()
  expect(sent()).not.toContain('secrets.create')
  await page.getByLabel('The secret').fill('é'.repeat(5000))
  await page.getByLabel('How many').fill('30')
  await page.getByLabel('A file').setInputFiles([])
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('Must be at most 1000 characters.').waitFor()
  expect(await page.getByLabel('Passphrase').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel('The secret').inputValue()).toBe('é'.repeat(5000))
  await page.getByLabel('Passphrase').fill('')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Hand the link on')
  const [newest] = (await as(world, ana.actor).secrets.list({})).items
  expect(Date.parse(newest?.expires_at ?? '') - Date.parse(newest?.created_at ?? '')).toBe(30 * 86_400_000)
  await close()
})

test('an ask in either mode: only the kept link reads what somebody filled in by the other', async () => {
  for (const mode of ['browser', 'server'] as const) {
    const { page, close } = await enter(browser, url, ana, `/p/${project.id}/secrets/ask`)
    const sent = overheard(page)
    await page.getByLabel('What you need').fill(`The token, ${mode}`)
    await page.getByText('Time, encryption').click()
    if (mode === 'server') await page.getByLabel('Encrypt the answer in their browser').uncheck()
    await page.getByRole('button', { name: 'Make the links' }).click()
    await shows(page, 'Send one link, keep the other')
    const [send, keep] = [await linkUnder(page, 'Send this link'), await linkUnder(page, 'Keep this link')]
    expect([send, keep].map((link) => link.includes('#'))).toEqual([mode === 'browser', mode === 'browser'])
    if (mode === 'browser') expect(sent()).not.toContain(keep.split('#')[1])

    const giver = await visit(browser, send)
    await shows(giver.page, `The token, ${mode}`)
    const given = overheard(giver.page)
    await giver.page.getByLabel('The secret').fill(`s3cret by ${mode}`)
    await giver.page.waitForTimeout(600)
    await giver.page.getByRole('button', { name: 'Send the secret' }).click()
    await shows(giver.page, 'The secret is sent')
    expect(given().includes('s3cret')).toBe(mode === 'server')
    await giver.close()

    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByText('Read it with the link that its asker kept.').first().waitFor()
    const reader = await reveal(browser, keep)
    expect(reader.text).toBe(`s3cret by ${mode}`)
    await reader.close()
    await close()
  }
})

test('guests share when whoever runs the instance says so, and one project at a time', async () => {
  const closed = await visit(browser, `${url}/share`)
  await shows(closed.page, 'Guests cannot share secrets here')
  expect(await faultsOf(closed.page)).toEqual([])
  await closed.close()
  const { page, close } = await enter(browser, url, bob, `/p/${project.id}/settings`)
  await page.getByRole('tab', { name: 'Alerts' }).waitFor()
  expect(await page.getByRole('tab', { name: 'Guests' }).count()).toBe(0)
  await close()

  const runner = await enter(browser, url, ana, `/p/${project.id}/settings?tab=guests`)
  await runner.page.getByRole('switch', { name: 'Anybody may share' }).click()
  await runner.page.getByRole('button', { name: 'Save' }).click()
  await runner.page.getByText('It is on:').waitFor()
  const other = await makeProject(world)
  const there = await makePerson(world, other)
  await world.db.sql`update people set runs_instance = true where id = ${there.id}`
  const second = await enter(browser, url, there, `/p/${other.id}/settings?tab=guests`)
  await second.page.getByRole('switch', { name: 'Anybody may share' }).click()
  await second.page.getByRole('button', { name: 'Save' }).click()
  await second.page.getByText('Another project of this instance takes guests').waitFor()
  await second.close()
  await runner.close()

  const start = await visit(browser, url)
  await start.page.getByRole('link', { name: 'Open the form' }).click()
  await shows(start.page, 'Share a secret')
  await start.page.getByText('Time, passphrase').click()
  expect(await faultsOf(start.page)).toEqual([])
  expect(await start.misdeeds.refused()).toEqual([])
  const sent = overheard(start.page)
  await start.page.getByLabel('The secret').fill('from a guest')
  await start.page.getByRole('button', { name: 'Make the link' }).click()
  await shows(start.page, 'Hand the link on')
  expect(sent()).toContain('/v1/share')
  expect(sent()).not.toContain('from a guest')
  const link = await linkUnder(start.page, 'Share this link')
  await start.page.goto(link)
  await start.page.getByText('You made this secret.').waitFor()
  expect(await start.page.evaluate(() => JSON.stringify(localStorage))).not.toContain(link.slice(-60, -48))
  await start.close()
  const reader = await reveal(browser, link)
  expect(reader.text).toBe('from a guest')
  await reader.close()
  expect((await as(world, ana.actor).secrets.list({})).items[0]).toMatchObject({ created_by: { name: 'guest' } })
})
