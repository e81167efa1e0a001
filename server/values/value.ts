import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { storedValue } from '../../shared/contract/values.ts'
import type { ActorRef } from '../../shared/words.ts'
import { coalesce } from '../lib/coalesce.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { perWorld } from '../world.ts'
import { isGuarded } from './guarded.ts'

export type StoredValue = z.input<typeof storedValue>

export type ValueRow = {
  key_path: string
  value: string | null
  version: number
  updated_at: Date
  updated_by: ActorRef
}

type Place = { projectId: string; keyPath: string }

/** What wakes whoever waits for a value; the trigger on `values` says it. */
export const topicOf = (place: Place): string => `value ${place.projectId} ${place.keyPath}`

/** A value as one read found it: absent or deleted without text, and whether keys read its path only by an approval. */
export type ReadValue = (ValueRow | { value: null }) & { guarded: boolean }

/** Reads a value, deleted or not. Reads of one turn of the event loop go out as one query. */
export const readValue = perWorld(({ db: { sql } }) =>
  coalesce(async (places: Place[]): Promise<ReadValue[]> => {
    const guarded = isGuarded(sql, sql`asked.project_id`, sql`asked.key_path`)
    return sql<ReadValue[]>`
      select key_path, value, version, updated_at, updated_by, ${guarded} as guarded
      from unnest(${places.map((one) => one.projectId)}::text[], ${places.map((one) => one.keyPath)}::text[])
        with ordinality as asked (project_id, key_path, place)
      left join "values" using (project_id, key_path) order by place`
  }),
)

/** A row that is there: not absent, not deleted. */
export const isPresent = <Row extends { value: string | null }>(
  row: Row,
): row is Extract<Row, ValueRow> & { value: string } => row.value !== null

/** As the contract shows it. */
export const present = (row: ValueRow & { value: string }): StoredValue => ({
  key_path: row.key_path,
  value: row.value,
  version: row.version,
  updated_at: row.updated_at.toISOString(),
  updated_by: row.updated_by,
})

/**
 * The versions that a condition names: a bare version or a list of ETags, of which only ours can match. Undefined without
 * a condition, `*` for any that is there.
 */
export function versionsIn(condition: string | undefined): number[] | '*' | undefined {
  if (condition === undefined || condition === '*') return condition
  const tags = condition.match(/"[^"]*"/g) ?? [`"${condition}"`]
  return tags.flatMap((tag) => (/^"[1-9]\d{0,8}"$/.test(tag) ? Number(tag.slice(1, -1)) : []))
}

/**
 * Stores a value as a piece of a larger statement: the CTEs `stored` (the row) and `kept` (its version). `from` gives one
 * row with `project_id`, `key_path`, `new_id`, `new_value`, `new_by` and `by_approval`; null `new_value` deletes.
 */
export const storing = (sql: Sql, from: Fragment, onlyIf: Fragment = sql`true`): Fragment => sql`
  stored as (
    insert into "values" as held (project_id, key_path, id, value, version, updated_at, updated_by)
    select project_id, key_path, new_id, new_value, 1, now(), new_by from ${from}
    on conflict (project_id, key_path) do update set
      value = excluded.value, version = held.version + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by
    where ${onlyIf}
    returning project_id, key_path, value, version, updated_at, updated_by
  ), kept as (
    insert into value_versions (project_id, key_path, version, value, at, by, approval_id)
    select stored.project_id, stored.key_path, stored.version, stored.value, stored.updated_at, stored.updated_by, by_approval
    from stored, ${from}
  )`
