import { createHash, randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { makeLinkToken } from '../../server/lib/token.ts'

/** What the hand-written server leans on: one project, whoever asks. */
export type ByHand = { sql: Sql; projectId: string }

/** How the hand-written server keeps its links. */
export const digestByHand = (token: string): Buffer => createHash('sha256').update(token).digest()

const me = { type: 'key', id: null, name: 'by hand' }
const holder = { type: 'visitor', id: null, name: 'link holder' }

/** The rows of one creation in one statement: approval, initial value, its version, two events. */
export async function createByHand({ sql, projectId }: ByHand, wish: Record<string, string>) {
  const { key_path = '', value = '', initial_value = '', info = '' } = wish
  const id = ulid()
  const token = makeLinkToken()
  const actions = [{ key: 'approve', value, label: 'Approve', style: 'primary' }]
  const hash = createHash('sha256').update(JSON.stringify({ id, key_path, actions, info })).digest('hex')
  const by = sql.json(me)
  const [row] = await sql<{ expires_at: Date }[]>`
    with made as (
      insert into approvals (id, project_id, link_digest, key_path, actions, info, action_hash, comment, created_by, expires_at)
      values (${id}, ${projectId}, ${digestByHand(token)}, ${key_path}, ${sql.json(actions)}, ${info}, ${hash}, 'optional',
        ${by}, now() + interval '10 minutes')
      returning expires_at
    ), stored as (
      insert into "values" as held (project_id, key_path, id, value, version, updated_by)
      values (${projectId}, ${key_path}, ${ulid()}, ${initial_value}, 1, ${by})
      on conflict (project_id, key_path) do update set value = excluded.value, version = held.version + 1, updated_at = now()
      returning version
    ), kept as (
      insert into value_versions (project_id, key_path, version, value, by, approval_id)
      select ${projectId}, ${key_path}, version, ${initial_value}, ${by}::jsonb, ${id} from stored
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, mac)
      select ${ulid()}, ${projectId}, 'value.set', ${by}::jsonb, ${`value:${key_path}`},
        jsonb_build_object('key_path', ${key_path}::text, 'version', version), ${randomBytes(32)}::bytea from stored
      union all
      select ${ulid()}, ${projectId}, 'approval.created', ${by}::jsonb, ${`approval:${id}`},
        jsonb_build_object('approval_id', ${id}::text, 'key_path', ${key_path}::text), ${randomBytes(32)}::bytea
    )
    select expires_at from made`
  return {
    approval_id: id,
    url: `http://localhost/a/${token}`,
    expires_at: row?.expires_at.toISOString(),
    action_hash: hash,
  }
}

/** What a page shows of an approval. */
export async function openByHand({ sql }: ByHand, token: string) {
  const [row] = await sql`
    select status, key_path, info, actions, action_hash, created_at, expires_at from approvals
    where link_digest = ${digestByHand(token)}`
  return { ...row, csrf_token: randomBytes(16).toString('hex') }
}

/** The decision in one statement: approval, value, its version, one event. */
export async function actByHand({ sql }: ByHand, token: string, action: string): Promise<boolean> {
  const by = sql.json(holder)
  const done = await sql`
    with decided as (
      update approvals set status = 'executed', ended_at = now(), ended_by = ${by}, decided_action = ${action}
      where link_digest = ${digestByHand(token)} and status = 'pending' and expires_at > now()
      returning id, project_id, key_path, actions
    ), stored as (
      insert into "values" as held (project_id, key_path, id, value, version, updated_by)
      select project_id, key_path, ${ulid()}, chosen ->> 'value', 1, ${by}
      from decided, jsonb_array_elements(actions) as chosen where chosen ->> 'key' = ${action}
      on conflict (project_id, key_path) do update set value = excluded.value, version = held.version + 1, updated_at = now()
      returning project_id, key_path, value, version
    ), kept as (
      insert into value_versions (project_id, key_path, version, value, by, approval_id)
      select stored.project_id, stored.key_path, version, value, ${by}::jsonb, id from stored, decided
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, mac)
      select ${ulid()}, decided.project_id, 'approval.executed', ${by}::jsonb, 'approval:' || id,
        jsonb_build_object('approval_id', id, 'key_path', decided.key_path, 'version', version), ${randomBytes(32)}::bytea from stored, decided
    )
    select id from decided`
  return done.length === 1
}
