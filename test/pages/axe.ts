import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { inject } from 'vitest'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Narrower than phones are: what does not fit shows here; all else shows on a phone. */
const narrowest = 320
const widths = [1280, 375, narrowest]
const schemes = ['light', 'dark'] as const

/** The rules that a scheme can break: in the dark a page has other colours, and is otherwise the page it was in the light. */
const ofColours = ['color-contrast', 'link-in-text-block']

/**
 * A large page in light and a small one in dark find nearly all that there is. In the usual run a file's pages take turns in
 * these two; the long run has each of them large and small, by every rule in light and by those of colours in dark.
 */
const usual = ['light 1280', 'dark 375']
let turns = 0

/** How many px are wider than the screen, once menus and the like have found their place after a change of width. */
async function overhang(page: Page): Promise<number> {
  for (let looks = 0; ; looks++) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide <= 0 || looks === 20) return wide
    await page.waitForTimeout(50)
  }
}

/**
 * What axe finds, each with the look it was found in, and what is wider than the screen at any width (WCAG 1.4.10). `grave`:
 * only what is serious or critical; an open menu lies outside every landmark, which axe calls moderate.
 */
export async function faultsOf(page: Page, { grave = false } = {}): Promise<string[]> {
  const found: string[] = []
  const [turn] = usual.slice(turns++ % usual.length)
  for (const colorScheme of schemes)
    for (const width of widths) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: width > 1000 ? 800 : 640 })
      const look = `${colorScheme} ${width}`
      const wide = await overhang(page)
      if (wide > 0) found.push(`${look}: ${wide} px too wide`)
      if (inject('thorough') ? width === narrowest : look !== turn) continue
      // What a sticky header covers while somebody scrolls is no smaller target (WCAG 2.5.8).
      await page.evaluate(() => scrollTo(0, 0))
      const axe = new AxeBuilder({ page }).setLegacyMode()
      const { violations } = await (inject('thorough') && colorScheme === 'dark'
        ? axe.withRules(ofColours)
        : axe.withTags(tags)
      ).analyze()
      const counted = violations.filter(({ impact }) => !grave || impact === 'serious' || impact === 'critical')
      found.push(...counted.map(({ id, nodes }) => `${look} ${id}: ${nodes.map((node) => node.html).join(' ')}`))
    }
  return found
}
