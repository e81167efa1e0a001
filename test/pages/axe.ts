import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const widths = [1280, 375, 320]

/** What axe finds in both schemes at every width, and what is wider than the screen (WCAG 1.4.10). */
export async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of widths) {
      await page.setViewportSize({ width, height: width > 1000 ? 800 : 640 })
      const where = `${colorScheme} ${width}`
      const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
      found.push(...violations.map(({ id, nodes }) => `${where} ${id}: ${nodes.map((node) => node.html).join(' ')}`))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) found.push(`${where}: ${wide} px too wide`)
    }
  }
  return found
}
