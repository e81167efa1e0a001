import { oneByOne } from '../rewrapping.ts'
import { type Place, reseal } from './sealing.ts'

type Row = {
  id: string
  project_id: string
  url: Uint8Array
  secret: Uint8Array
  previous_secret: Uint8Array | null
  generation: number
}
type Sealed = { url: Uint8Array; secret: Uint8Array; previous: Uint8Array | null }

/** Puts addresses and secrets of webhooks under another generation. */
export const rewrapWebhooks = oneByOne<Row, Sealed>({
  next: (sql, to, after, most) => sql`
    select id, project_id, url, secret, previous_secret, generation from webhooks
    where generation < ${to} and id > ${after} order by id limit ${most}`,
  async reseal(world, row, to) {
    const moved = (column: Place['column'], sealed: Uint8Array) =>
      reseal(world, { id: row.id, projectId: row.project_id, column }, sealed, row.generation, to)
    const previous = row.previous_secret && (await moved('previous_secret', row.previous_secret))
    return { url: await moved('url', row.url), secret: await moved('secret', row.secret), previous }
  },
  store: (sql, row, { url, secret, previous }, to) => sql`
    update webhooks set url = ${url}, secret = ${secret}, previous_secret = ${previous}, generation = ${to}
    where id = ${row.id} and generation = ${row.generation} and url = ${row.url} and secret = ${row.secret}
      and previous_secret is not distinct from ${row.previous_secret}`,
})
