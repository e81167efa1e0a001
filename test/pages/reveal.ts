import type { Browser, Page } from 'playwright-core'
import { press, shows, visit } from './browser.ts'

/** Opens a secret's link in a browser of its own and reads it there; `text` is empty when only a file came. */
export async function reveal(browser: Browser, link: string) {
  const seen = await visit(browser, link)
  await press(seen.page, 'Reveal the secret')
  await shows(seen.page, 'Here is the secret')
  const show = seen.page.getByRole('button', { name: 'Show' })
  if ((await show.count()) > 0) await show.click()
  const text = await seen.page.locator('section[aria-label="The secret"] pre').allTextContents()
  return { ...seen, text: text.join('') }
}

/** The link that a page shows under a heading. */
export const linkUnder = async (page: Page, heading: string): Promise<string> =>
  (await page.locator(`section:has(> h2:text-is("${heading}")) code`).textContent()) ?? ''

/** Everything that a page sends from now on: addresses, headers and bodies, as one text. */
export function overheard(page: Page): () => string {
  const sent: string[] = []
  page.on('request', (request) => {
    sent.push(request.url(), JSON.stringify(request.headers()), request.postDataBuffer()?.toString('latin1') ?? '')
  })
  return () => sent.join('\n')
}
