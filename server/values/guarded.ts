import type { Fragment } from 'postgres'
import { refuse } from '../../shared/errors.ts'
import type { Actor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** Whether a path of a project lies at or below one that people marked "only by approval", as a condition. Both are told with their table. */
export const isGuarded = (sql: Sql, projectId: Fragment, keyPath: Fragment): Fragment => sql`
  exists (select from guarded_paths guarded where guarded.project_id = ${projectId}
    and (guarded.key_path = ${keyPath} or starts_with(${keyPath}, guarded.key_path || '/')))`

/** Refuses ONLY_BY_APPROVAL to keys, with how to ask. People see what their role shows them: it is they who say yes. */
export function mustBeOpenTo(actor: Pick<Actor, 'type'>, keyPath: string, guarded: boolean): void {
  if (!guarded || actor.type === 'person') return
  refuse('ONLY_BY_APPROVAL', {
    sentence: `The value ${keyPath} leaves only by an approval: create one with release: {"value": "${keyPath}"}, and read it there after the yes.`,
    details: { how: 'POST /v1/approvals with release', value: keyPath },
  })
}
