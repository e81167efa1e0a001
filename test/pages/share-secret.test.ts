import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter } from './inside.ts'
import { linkUnder, overheard, reveal } from './reveal.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const project = await makeProject(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/secrets/new`

test('a secret is encrypted in the browser that shares it, which sends neither text nor key nor file; its link reads all of it back in another', async () => {
  const { page, misdeeds, close } = await enter(browser, url, ana, at)
  const sent = overheard(page)
  const text = `hunter2-${'\n"'.repeat(4000)}`
  const file = randomBytes(200_000)
  await page.getByLabel('The secret').fill(text)
  await page.getByText('8,008 of 10,000 bytes').waitFor()
  await page.getByText('Time, passphrase').click()
  await page.getByLabel('A file').setInputFiles({ name: 'keys.bin', mimeType: 'application/x-keys', buffer: file })
  await page.getByLabel('Name in the list').fill('for the night shift')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await shows(page, 'Hand the link on')
  const link = await linkUnder(page, 'Share this link')
  const [, key = 'none'] = link.split('#')
  expect(key.length).toBeGreaterThan(40)
  // The control: what was meant to be sent was overheard.
  expect(sent()).toContain('for the night shift')
  expect(sent()).toContain('/v1/link/uploads/')
  for (const secret of ['hunter2', key, key.slice(0, 20), 'keys.bin', file.toString('latin1', 0, 40)])
    expect(sent()).not.toContain(secret)
  expect(await misdeeds.refused()).toEqual([])

  const reader = await reveal(browser, link)
  expect(reader.text).toBe(text)
  const saved = reader.page.waitForEvent('download')
  await reader.page.getByRole('button', { name: 'Download the file' }).click()
  const download = await saved
  expect(download.suggestedFilename()).toBe('keys.bin')
  expect(readFileSync(await download.path()).equals(file)).toBe(true)
  await reader.close()

  const second = await visit(browser, link)
  await shows(second.page, 'This secret was read already')
  await second.close()
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
