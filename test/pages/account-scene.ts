import type { Browser } from 'playwright-core'
import type { PersonActor } from '../../server/context.ts'
import type { World } from '../../server/world.ts'
import { as } from '../as.ts'
import { enter } from './inside.ts'

/** The SHA1 seed of RFC 6238, Appendix B, in base32. */
export const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

/** An account of somebody's, with that seed. */
export const addAccount = (world: World, who: { actor: PersonActor }, name: string, more: object = {}) =>
  as(world, who.actor).accounts.create({
    ...{ name, issuer: '', tags: [], secret: seed, algorithm: 'SHA1', digits: 6, period: 30 },
    ...more,
  })

/** The panel of an account, as somebody opens it by its address. */
export async function openPanel(
  browser: Browser,
  url: string,
  who: { cookie: string },
  account: { id: string },
  { project, tab = 'details' }: { project: { id: string }; tab?: string },
) {
  const seen = await enter(browser, url, who, `/p/${project.id}/codes?account=${account.id}&tab=${tab}`)
  const dialog = seen.page.getByRole('dialog').first()
  await dialog.waitFor()
  return { ...seen, dialog }
}
