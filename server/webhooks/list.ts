import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { listWebhooks, projectFor, shownWebhook } from './webhook.ts'

/** The webhooks of the project, newest first. */
export const list: Verb<typeof contract.webhooks.list> = async ({ world, actor }, { limit, cursor }) => {
  const before = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? null
  const rows = await listWebhooks(world.db.sql, projectFor(actor), before, limit + 1)
  const page = pageOf(
    rows,
    limit,
    (row) => row.id,
    (row) => row,
  )
  return { ...page, items: await Promise.all(page.items.map((row) => shownWebhook(world, row))) }
}
