import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { approvals } from '../../drizzle/schema/index.ts'
import type { ApprovalStatus } from '../../shared/contract/approval.ts'
import type { contract } from '../../shared/contract/index.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import { pathsWithin } from '../keys/reach.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { type ApprovalRow, approvalColumns, present } from './approval.ts'

function hasStatus(status: ApprovalStatus | undefined): SQL | undefined {
  if (status === undefined) return undefined
  if (status === 'pending') return and(eq(approvals.status, 'pending'), sql`${approvals.expiresAt} > now()`)
  if (status === 'expired')
    return sql`(${approvals.status} = 'expired' or (${approvals.status} = 'pending' and ${approvals.expiresAt} <= now()))`
  return eq(approvals.status, status)
}

/** The rule of `sight.ts` as a condition. */
const openTo = (actor: KeyActor | PersonActor): SQL | undefined =>
  actor.type === 'person'
    ? undefined
    : sql`(${approvals.keyFamily} = ${actor.family} or not exists (
        select from guarded_paths g where g.project_id = approvals.project_id
          and (g.key_path = approvals.key_path or starts_with(approvals.key_path, g.key_path || '/'))))`

/** The approvals this key may see, newest first: which they are, and then what they say. */
export const list: Verb<typeof contract.approvals.list> = async (ctx, input) => {
  const { orm, sql: raw } = ctx.world.db
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const found = await orm
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        eq(approvals.projectId, ctx.actor.projectId),
        hasStatus(input.status),
        input.key_path === undefined ? undefined : eq(approvals.keyPath, input.key_path),
        input.ref_id === undefined ? undefined : eq(approvals.refId, input.ref_id),
        input.since === undefined ? undefined : gte(approvals.createdAt, new Date(input.since)),
        input.until === undefined ? undefined : lt(approvals.createdAt, new Date(input.until)),
        pathsWithin(approvals.keyPath, ctx.actor.keyPaths),
        openTo(ctx.actor),
        before === undefined ? undefined : lt(approvals.id, before),
      ),
    )
    .orderBy(desc(approvals.id))
    .limit(input.limit + 1)
  const rows = await raw<ApprovalRow[]>`
    select ${approvalColumns(raw)} from approvals a join projects p on p.id = a.project_id
    where a.id = any (${found.map(({ id }) => id)}::text[]) order by a.id desc`
  return pageOf(rows, input.limit, (row) => row.id, present)
}
