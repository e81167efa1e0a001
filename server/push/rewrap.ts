import { oneByOne } from '../rewrapping.ts'
import { resealBrowser } from './sealing.ts'

type Row = { id: string; sealed: Uint8Array; generation: number }

/** Puts browsers that are told under another generation. */
export const rewrapBrowsers = oneByOne<Row, Uint8Array>({
  next: (sql, to, after, most) => sql`
    select id, sealed, generation from push_subscriptions where generation < ${to} and id > ${after} order by id limit ${most}`,
  reseal: resealBrowser,
  store: (sql, row, sealed, to) => sql`
    update push_subscriptions set sealed = ${sealed}, generation = ${to}
    where id = ${row.id} and generation = ${row.generation} and sealed = ${row.sealed}`,
})
