import type { Fragment } from 'postgres'
import { isDecider } from '../approvals/right.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** What a browser is told of: what waits for its person's decision, and that it does not wait any more. */
const told = [
  'approval.created',
  'permission.requested',
  'approval.executed',
  'approval.expired',
  'approval.invalidated',
  'approval.reported',
  'approval.locked',
]

/**
 * Whether subscription `s` wants event `told`, as a condition of the statement that hands events out: it is about an approval
 * that signed-in people decide, and its person is one of those who may at this moment.
 */
export const isWanted = (sql: Sql): Fragment => sql`
  told.name = any (${told}) and exists (
    select 1 from approvals a where a.id = split_part(told.target, ':', 2) and a.project_id = told.project_id
      and a.link = 'signed_in' and ${isDecider(sql, sql`s.person_id`)})`
