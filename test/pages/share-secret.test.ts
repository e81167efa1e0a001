import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
  // As JSON its quotes would be too long to send.
  const text = `hunter2-${'"'.repeat(7000)}\n end`
  const file = randomBytes(200_000)
  await page.getByLabel('The secret').fill(text)
  await page.getByText('7,013 of 10,000 bytes').waitFor()
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
