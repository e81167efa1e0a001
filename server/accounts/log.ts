import type { contract } from '../../shared/contract/index.ts'
import type { EventName } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { findAccount } from './account.ts'
import { mustManage } from './reach.ts'

type Told = {
  id: string
  at: Date
  name: EventName
  actor: ActorRef
  ip: string | null
  /** Whom access was given to or taken from, or which fields changed. */
  about: string | null
  tick: string
  seq: string
}

/** What happened to an account, newest first, also in requests about several, of which only this one is told. */
export const log: Verb<typeof contract.accounts.log> = async (ctx, { accountId, limit, cursor }) => {
  const { sql } = ctx.world.db
  const account = await findAccount(sql, ctx.actor, accountId)
  mustManage(account)
  const [tick, seq] = placeOf(cursor, /^\d{1,16} \d{1,16}$/)?.split(' ') ?? []
  const before = tick === undefined ? sql`` : sql`and (e.tick, e.seq) < (${tick}::bigint, ${seq ?? ''}::bigint)`
  const rows = await sql<Told[]>`
    select e.id, e.at, e.name, e.actor, e.ip, e.tick::text, e.seq::text,
      coalesce(e.payload ->> 'to', (select string_agg(field, ', ') from jsonb_array_elements_text(e.payload -> 'fields') as field))
        as about
    from events e
    where e.project_id = ${account.project_id} ${before} and (e.target = ${`account:${account.id}`}
      or (e.payload ? 'account_ids' and e.payload -> 'account_ids' ? ${account.id}))
    order by e.tick desc, e.seq desc limit ${limit + 1}`
  return pageOf(
    rows,
    limit,
    (row) => `${row.tick} ${row.seq}`,
    // What nobody asked for over the network has no address.
    ({ id, at, name, actor, ip, about }) => ({ id, at: at.toISOString(), name, actor, ip: ip || null, about }),
  )
}
