import type { z } from 'zod'
import type { shownRelease as release } from '../../shared/contract/release.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { ApprovalRow } from './approval.ts'

/** What the thing is called that an approval releases; null: nothing, or it is gone. */
export type ReleaseName = string | null

/** The name of what approval `a` releases, as it is now; an account's with its service, as the dashboard calls it. */
export const releaseNameOf = (sql: Sql) => sql`
  case when a.release ? 'secret' then
      (select k.name from kept_secrets k where k.id = a.release ->> 'secret' and k.project_id = a.project_id)
    when a.release ? 'account' then
      (select case when c.issuer in ('', c.name) then c.name else c.issuer || ': ' || c.name end from accounts c where c.id = a.release ->> 'account' and c.project_id = a.project_id)
    else a.release ->> 'value' end`

/** What leaves with a yes, as people are told before they decide; null: nothing. */
export function shownRelease(
  row: Pick<ApprovalRow, 'release' | 'release_name' | 'released' | 'created_by'>,
): z.input<typeof release> | null {
  const { release: asked } = row
  if (!asked) return null
  const common = { name: row.release_name, to: row.created_by, seconds: asked.seconds, released: row.released }
  if ('secret' in asked) return { kind: 'secret', id: asked.secret, codes: null, ...common }
  if ('account' in asked) return { kind: 'codes', id: asked.account, codes: asked.codes, ...common }
  return { kind: 'value', id: asked.value, codes: null, ...common }
}
