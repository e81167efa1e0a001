import type { Fragment } from 'postgres'
import type { KeyActor, PersonActor } from '../context.ts'
import { type EventRow, eventColumns } from '../events/entry.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** What lists and exports are asked by. */
export type Filters = {
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  since?: string | undefined
  until?: string | undefined
}

/** A row with where it stands in the order of the chain. */
export type PlacedRow = EventRow & { tick: string; seq: string }

/** Its columns, of `events e`. */
export const columns = (sql: Sql): Fragment => sql`${eventColumns(sql)}, e.tick::text, e.seq::text`

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
