import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { openProfile, press, shows } from './browser.ts'
import { shareLinks } from './secret-links.ts'

const { world, url } = await serve()
const { actor } = await makeAsker(world)

/** Files below a directory that hold a text, as a browser may write it. */
const holding = (dir: string, text: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return []
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')) ? [path] : []
  })

test('a browser that read secrets keeps none of them on disk; what a page means to keep is found there (control)', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'countersign-profile-'))
  const context = await openProfile(profile)
  try {
    const page = await context.newPage()
    for (let n = 0; n < 5; n++) {
      const { path } = await shareLinks(world, actor, { secret: `canary-of-disk-${n}` })
      await page.goto(url + path)
      await press(page, 'Reveal the secret')
      await press(page, 'Show')
      await shows(page, 'Here is the secret')
    }
    await page.goto(url)
    await page.goBack()
    await page.evaluate(() => localStorage.setItem('control', 'canary-of-control'))
  } finally {
    await context.close()
  }
  const [secrets, control] = [holding(profile, 'canary-of-disk'), holding(profile, 'canary-of-control')]
  rmSync(profile, { recursive: true, force: true })
  expect(control).not.toEqual([])
  expect(secrets).toEqual([])
})
