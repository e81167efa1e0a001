import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll } from 'vitest'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A Chromium with an empty profile; closed when the file ends. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  afterAll(() => browser.close())
  return browser
}

/** A Chromium whose profile is on disk and is looked at later; its opener closes it. */
export const openProfile = (dir: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(dir, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })

/** What a page did that none may do. */
export type Misdeeds = {
  dialogs: string[]
  /** Failed scripts. */
  errors: string[]
  /** Requests to another host. */
  strayed: string[]
  /** Violations of the page's own policy. */
  refused(): Promise<string[]>
}

type Seen = { __refused?: string[] }

/** Opens an address as a person of its own: cookies are shared with nobody. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  const page = await context.newPage()
  const misdeeds = watch(page, url)
  await page.addInitScript(() => {
    const list: string[] = []
    // The page's own window carries what it was refused, for `refused` below.
    ;(window as Seen).__refused = list
    document.addEventListener('securitypolicyviolation', (event) =>
      list.push(`${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  const response = await page.goto(url)
  return { page, context, misdeeds, response, close: () => context.close() }
}

function watch(page: Page, url: string): Misdeeds {
  const { origin } = new URL(url)
  const misdeeds: Misdeeds = {
    dialogs: [],
    errors: [],
    strayed: [],
    refused: () => page.evaluate(() => (window as Seen).__refused ?? []),
  }
  page.on('dialog', (dialog) => {
    misdeeds.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => misdeeds.errors.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) misdeeds.strayed.push(request.url())
  })
  return misdeeds
}

/** Waits until the buttons of a page that was just drawn accept a press. */
export const armed = (page: Page) => page.waitForTimeout(550)

/** Presses a button by its words, once it is armed. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name })
  await button.waitFor()
  await armed(page)
  await button.click()
}

/** The heading that stands for what the page shows. */
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Waits for a heading. */
export const shows = (page: Page, text: string | RegExp) =>
  heading(page).filter({ hasText: text }).waitFor({ timeout: 15_000 })
