import { and, desc, eq, lt } from 'drizzle-orm'
import { valueVersions } from '../../drizzle/schema/index.ts'
import type { contract } from '../../shared/contract/index.ts'
import { mayTouch } from '../keys/reach.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { isGuarded, mustBeOpenTo } from './guarded.ts'

/** Every version of a value, newest first. */
export const history: Verb<typeof contract.values.history> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  const { sql } = ctx.world.db
  const [path] = await sql<{ guarded: boolean }[]>`
    select ${isGuarded(sql, sql`${ctx.actor.projectId}`, sql`${input.key_path}`)} as guarded`
  mustBeOpenTo(ctx.actor, input.key_path, path?.guarded ?? true)
  const before = placeOf(input.cursor, /^[1-9]\d{0,8}$/)
  const rows = await ctx.world.db.orm
    .select()
    .from(valueVersions)
    .where(
      and(
        eq(valueVersions.projectId, ctx.actor.projectId),
        eq(valueVersions.keyPath, input.key_path),
        before === undefined ? undefined : lt(valueVersions.version, Number(before)),
      ),
    )
    .orderBy(desc(valueVersions.version))
    .limit(input.limit + 1)
  return pageOf(
    rows,
    input.limit,
    (row) => String(row.version),
    (row) => ({
      version: row.version,
      value: row.value,
      at: row.at.toISOString(),
      by: row.by,
      approval_id: row.approvalId,
    }),
  )
}
