import type { Browser, BrowserContextOptions } from 'playwright-core'
import { expect } from 'vitest'
import { visit } from './browser.ts'

/** Opens a page of the dashboard in a browser of its own, in which this person is signed in. */
export async function enter(
  browser: Browser,
  url: string,
  { cookie }: { cookie: string },
  path: string,
  options: BrowserContextOptions = {},
) {
  const seen = await visit(browser, 'about:blank', options)
  const at = cookie.indexOf('=')
  const name = cookie.slice(0, at)
  await seen.context.addCookies([
    {
      name,
      value: cookie.slice(at + 1),
      // The name asks for Secure, which the browser is told by the scheme; it keeps such cookies of loopback over http too.
      url: name.startsWith('__Host-') ? url.replace(/^http:/, 'https:') : url,
      httpOnly: true,
      sameSite: 'Lax',
    },
  ])
  await seen.page.goto(url + path)
  return seen
}

/** Expects of something that is read again and again for up to 15 s, because a page draws when it is ready. */
export const soon = <Read>(read: () => Read | Promise<Read>) => expect.poll(read, { timeout: 15_000, interval: 100 })
