import { and, desc, eq, getTableColumns, isNotNull, lt, sql } from 'drizzle-orm'
import { values } from '../../drizzle/schema/index.ts'
import type { contract } from '../../shared/contract/index.ts'
import { pathsWithin } from '../keys/reach.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'

// With the table's name: drizzle leaves it out, and the inner table has columns of the same names.
const guarded = sql<boolean>`
  exists (select from guarded_paths g where g.project_id = "values".project_id
    and (g.key_path = "values".key_path or starts_with("values".key_path, g.key_path || '/')))`

/** The values this key may see, most recently created first; without their text where keys read only by an approval. */
export const list: Verb<typeof contract.values.list> = async (ctx, input) => {
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const rows = await ctx.world.db.orm
    .select({ ...getTableColumns(values), guarded })
    .from(values)
    .where(
      and(
        eq(values.projectId, ctx.actor.projectId),
        isNotNull(values.value),
        input.prefix === undefined ? undefined : sql`starts_with(${values.keyPath}, ${input.prefix})`,
        pathsWithin(values.keyPath, ctx.actor.keyPaths),
        before === undefined ? undefined : lt(values.id, before),
      ),
    )
    .orderBy(desc(values.id))
    .limit(input.limit + 1)
  return pageOf(
    rows,
    input.limit,
    (row) => row.id,
    (row) => ({
      key_path: row.keyPath,
      value: row.guarded && ctx.actor.type === 'key' ? null : row.value,
      only_by_approval: row.guarded,
      version: row.version,
      updated_at: row.updatedAt.toISOString(),
      updated_by: row.updatedBy,
    }),
  )
}
