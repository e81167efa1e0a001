import type { Action } from '../../drizzle/schema/approvals.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { ToldEvent } from '../outbox/told.ts'
import { line } from './plain.ts'

/** What an event is about, as far as a channel may know: no value, no payload, no comment, no token of a link. */
export type Told = {
  /** One line. */
  what: string
  project: string
  asker: string
  refId: string | null
  info: string | null
  askedAt: string | null
  expiresAt: string | null
  /** The button that was pressed. */
  label: string
  danger: boolean
  url: string
  approvalId: string | null
}

type Row = {
  id: string
  project: string
  kind: 'value' | 'permission'
  key_path: string
  actions: Action[]
  info: string | null
  ref_id: string | null
  decided_action: string | null
  created_by: ActorRef
  created_at: Date
  expires_at: Date
  action: string | null
  resource: string | null
  reason: string | null
}

/** An approval or permission request. The dashboard's addresses ask who you are: no token stands in a message. */
async function ofApproval(sql: Sql, publicUrl: string, projectId: string, id: string): Promise<Told | undefined> {
  const [row] = await sql<Row[]>`
    select a.id, p.name as project, a.kind, a.key_path, a.actions, a.info, a.ref_id, a.decided_action, a.created_by,
      a.created_at, a.expires_at, q.action, q.resource,
      case when jsonb_typeof(q.context -> 'reason') = 'string' then q.context ->> 'reason' end as reason
    from approvals a join projects p on p.id = a.project_id left join permissions q on q.id = a.id and a.kind = 'permission'
    where a.id = ${id} and a.project_id = ${projectId}`
  if (!row) return undefined
  const asked = row.resource === null ? row.action : `${row.action} on ${row.resource}`
  const pressed = row.actions.find(({ key }) => key === row.decided_action)
  return {
    what: line(asked ?? row.key_path, 120),
    project: row.project,
    asker: line(row.created_by.name, 100),
    refId: row.ref_id,
    info: row.kind === 'permission' ? row.reason : row.info,
    askedAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    label: line(pressed?.label ?? '', 80),
    danger: pressed?.style === 'danger',
    url: `${publicUrl}/p/${projectId}${row.kind === 'permission' ? `/requests/${id}` : `?open=${id}`}`,
    approvalId: id,
  }
}

async function ofSecret(sql: Sql, publicUrl: string, projectId: string, id: string): Promise<Told | undefined> {
  const [row] = await sql<{ project: string; memo: string | null }[]>`
    select p.name as project, s.memo from projects p left join secrets s on s.id = ${id} and s.project_id = p.id
    where p.id = ${projectId}`
  if (!row) return undefined
  return {
    what: row.memo ? line(row.memo, 120) : 'a one-time secret',
    project: row.project,
    ...{ asker: '', refId: null, info: null, askedAt: null, expiresAt: null, label: '', danger: false },
    url: `${publicUrl}/p/${projectId}/secrets?open=${id}`,
    approvalId: null,
  }
}

/** What an event is about; undefined when that is not there any more. */
export async function toldOf(sql: Sql, publicUrl: string, event: ToldEvent): Promise<Told | undefined> {
  const [kind, id = ''] = event.target.split(':')
  return kind === 'secret'
    ? ofSecret(sql, publicUrl, event.project_id, id)
    : ofApproval(sql, publicUrl, event.project_id, id)
}
