import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { auditRow } from '../../shared/contract/audit.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** What lists and exports are asked by. */
export type Filters = {
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

export type Entry = z.input<typeof auditRow>

/** An entry as it is read; `tick` and `seq` say where it stands. */
export type EntryRow = {
  id: string
  at: Date
  name: string
  actor: ActorRef
  target: string
  payload: Record<string, unknown>
  ip: string | null
  user_agent: string | null
  request_id: string | null
  seal: number | null
  tick: string
  seq: string
}

/** Its columns, with the number of the seal that covers it: ranges follow on one another, so it is the next that ends. */
export const columns = (sql: Sql): Fragment => sql`
  id, at, name, actor, target, payload, ip, user_agent, request_id, tick::text, seq::text, (
    select number from seals s where s.project_id = e.project_id and s.to_tick > e.tick order by s.to_tick limit 1) as seal`

/** Every filter together, within the actor's project. A key that is limited to paths sees only entries about these. */
export function matching(
  sql: Sql,
  actor: KeyActor | PersonActor,
  { actor: who, action, target, since, until }: Filters,
) {
  const all = [sql`e.project_id = ${actor.projectId}`]
  if (who !== undefined)
    all.push(sql`(e.actor ->> 'id' = ${who} or concat(e.actor ->> 'type', ':', e.actor ->> 'id') = ${who}
      or strpos(lower(e.actor ->> 'name'), ${who.toLowerCase()}) > 0)`)
  if (action?.endsWith('*')) all.push(sql`starts_with(e.name, ${action.slice(0, -1)})`)
  else if (action !== undefined) all.push(sql`e.name = ${action}`)
  if (target?.endsWith(':')) all.push(sql`starts_with(e.target, ${target})`)
  else if (target !== undefined) all.push(sql`e.target = ${target}`)
  if (since !== undefined) all.push(sql`e.at >= ${new Date(since)}`)
  if (until !== undefined) all.push(sql`e.at < ${new Date(until)}`)
  if (actor.keyPaths !== null) all.push(withinPaths(sql, actor.keyPaths))
  return all.reduce((joined, one) => sql`${joined} and ${one}`)
}

const withinPaths = (sql: Sql, prefixes: readonly string[]): Fragment => sql`
  exists (select from unnest(${[...prefixes]}::text[]) as allowed (prefix)
    where e.payload ->> 'key_path' = prefix or starts_with(e.payload ->> 'key_path', prefix || '/'))`

/** An entry as callers see it. What nobody asked for over the network has no address. */
export const present = (row: EntryRow): Entry => ({
  id: row.id,
  at: row.at.toISOString(),
  action: row.name,
  actor: row.actor,
  target: row.target,
  context: row.payload,
  ip: row.ip || null,
  user_agent: row.user_agent,
  request_id: row.request_id,
  seal: row.seal,
})
