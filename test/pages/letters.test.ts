import { expect, test } from 'vitest'
import { compose } from '../../server/mails/compose.tsx'
import { everyMail } from '../letters.ts'
import { faultsOf } from './axe.ts'
import { openBrowser } from './browser.ts'

const publicUrl = 'https://sign.example.com'
const page = await (await openBrowser()).newPage()

/** How many px a mail is wider than the smallest screen, and how bright its lightest ground is in the dark (0 to 255). */
async function looksOf(html: string) {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 320, height: 640 })
  await page.setContent(html)
  return page.evaluate(() => {
    const grounds = [...document.querySelectorAll('body, td, .card, .quote')]
      .map((element) => getComputedStyle(element).backgroundColor)
      .filter((colour) => !/, 0\)$/.test(colour)) // sees through
      .flatMap((colour) => (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number))
    return { wide: document.documentElement.scrollWidth - innerWidth, brightest: Math.max(...grounds) }
  })
}

test('every mail fits the smallest screen whatever people write, and is dark where its reader wants it dark', async () => {
  for (const mail of Object.values(everyMail(publicUrl, 'w'.repeat(200)))) {
    const { html } = await compose(mail, publicUrl)
    const { wide, brightest } = await looksOf(html)
    expect({ kind: mail.kind, wide, isDark: brightest < 64 }).toEqual({ kind: mail.kind, wide: 0, isDark: true })
  }
})

test('a mail that broke no words and whose page stayed light would be seen (control)', async () => {
  const { html } = await compose(everyMail(publicUrl, 'w'.repeat(200)).invitation, publicUrl)
  const { wide, brightest } = await looksOf(html.replaceAll('break-word', 'normal').replaceAll('.page', '.other'))
  expect(wide).toBeGreaterThan(0)
  expect(brightest).toBeGreaterThan(200)
})

test.each(['approval request', 'permission request', 'secret read'] as const)(
  'the mail %s can be read by everybody',
  async (kind) => {
    const { html } = await compose(everyMail(publicUrl)[kind], publicUrl)
    await page.setContent(html)
    expect(await faultsOf(page, { grave: true })).toEqual([])
  },
)
