import { createHash, createHmac, randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import type { ByHand } from './by-hand.ts'

const [me, rule] = ['by hand', 'test key'].map((name) => ({ type: 'system', id: null, name }))
const key = Buffer.alloc(32, 7)

type Wish = { action?: string; resource?: string; scope?: unknown; context?: unknown }

/** Allows a request at once: row and event in one statement, a token that is derived from what it is for. */
export async function requestByHand({ sql, projectId }: ByHand, wish: Wish) {
  const { action = '', resource = null, scope, context } = wish
  const id = ulid()
  const [ttl, uses] = [300, 1]
  const hash = createHash('sha256')
    .update(JSON.stringify({ id, action, resource, scope, context, ttl, uses }))
    .digest('hex')
  const [row] = await sql<{ created_at: Date; granted_until: Date }[]>`
    with made as (
      insert into permissions (id, project_id, key_family, asked_by, action, resource, scope, context, action_hash, ttl, uses,
        answer, answered_at, answered_by, granted_until)
      values (${id}, ${projectId}, 'by hand', ${sql.json(me as never)}, ${action}, ${resource}, ${sql.json(scope as never)},
        ${sql.json(context as never)}, ${hash}, ${ttl}, ${uses}, 'approved', now(), ${sql.json(rule as never)},
        now() + make_interval(secs => ${ttl}))
      returning created_at, granted_until
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, mac)
      values (${ulid()}, ${projectId}, 'permission.requested', ${sql.json(me as never)}, ${`permission:${id}`},
        jsonb_build_object('permission_id', ${id}::text, 'action', ${action}::text), ${randomBytes(32)}::bytea)
    )
    select created_at, granted_until from made`
  return {
    ...{
      id,
      status: 'approved',
      env: 'test',
      agent: me,
      action,
      resource,
      scope,
      requested_scope: scope,
      context,
      ttl,
      uses,
    },
    ...{
      uses_remaining: uses,
      token: `otp_v1_${createHmac('sha256', key).update(id).digest('base64url')}`,
      decided_by: rule,
    },
    ...{ created_at: row?.created_at.toISOString(), expires_at: row?.granted_until.toISOString(), action_hash: hash },
    ...{ decided_at: row?.created_at.toISOString(), poll_url: `http://localhost/v1/permissions/${id}` },
  }
}
