import { systemCtx } from '../../server/context.ts'
import { makeKey } from '../../server/keys/made.ts'
import { percentile, type Row } from './rows.ts'
import type { Stage } from './stage.ts'

/** Requests of each kind that are timed, one after the other. */
const asked = 400

/** How much slower the median may be with so many rows more. */
const most = 1.2

type Ask = { name: string; path: string; session?: true }

/** What a script asks, and the dashboard's lists: the first page of each, and a filtered one. */
const asks: readonly Ask[] = [
  { name: 'poll', path: '/v1/key/bench/1' },
  { name: 'approvals', path: '/v1/approvals?limit=50' },
  { name: 'approvals by status', path: '/v1/approvals?limit=50&status=pending' },
  { name: 'values', path: '/v1/keys?limit=50' },
  { name: 'audit', path: '/v1/audit?limit=50' },
  { name: 'inbox', path: '/trpc/inbox.get?input=%7B%7D', session: true },
]

/** Rows of one transaction: a statement that is silent for long is given up by the driver. */
const atATime = 50_000

/** Rows of a kind so far, and as many more as are missing. */
async function grow(stage: Stage, from: number, to: number): Promise<void> {
  for (let at = from; at <= to; at += atATime) await add(stage, at, Math.min(to, at + atATime - 1))
  await stage.world.db.sql`analyze`
}

/** Written past the triggers, which are not what is measured. */
async function add({ world: { db }, projectId }: Stage, from: number, to: number): Promise<void> {
  const by = { type: 'key', id: null, name: 'bench' }
  const id = (prefix: string) => db.sql`${prefix} || lpad(n::text, 26 - length(${prefix}::text), '0')`
  await db.sql.begin(async (tx) => {
    await tx`set local role none`
    await tx`set local session_replication_role = replica`
    await tx`
      insert into approvals (id, project_id, link_digest, key_path, actions, info, action_hash, comment, created_by, expires_at,
        status, created_at, ended_at, ended_by, decided_action)
      select ${id('01A')}, ${projectId}, sha256(('size ' || n)::bytea), 'size/' || n,
        '[{"key": "approve", "value": "approved", "label": "Approve", "style": "primary"}]', 'Deploy to production?',
        encode(sha256(n::text::bytea), 'hex'), 'optional', ${tx.json(by)}, now() - interval '1 hour', 'executed',
        now() - interval '2 hours', now() - interval '1 hour' - make_interval(secs => n / 1000.0), ${tx.json(by)}, 'approve'
      from generate_series(${from}::int, ${to}::int) as n`
    await tx`
      insert into "values" (project_id, key_path, id, value, version, updated_by)
      select ${projectId}, 'size/' || n, ${id('01V')}, 'approved', 1, ${tx.json(by)}
      from generate_series(${from}::int, ${to}::int) as n`
    await tx`
      insert into events (id, project_id, name, actor, target, payload, ip, mac)
      select ${id('01E')}, ${projectId}, 'value.set', ${tx.json(by)}, 'value:size/' || n,
        jsonb_build_object('key_path', 'size/' || n, 'version', 1), '', ''
      from generate_series(${from}::int, ${to}::int) as n`
  })
}

/** The median of one kind of request in ms. */
async function p50Of(url: string, headers: Record<string, string>): Promise<number> {
  const times: number[] = []
  for (let nth = 0; nth < asked; nth++) {
    const from = performance.now()
    const reply = await fetch(url, { headers })
    await reply.arrayBuffer()
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}.`)
    times.push(performance.now() - from)
  }
  return percentile(times, 50)
}

/** The same requests beside `small` and beside `large` approvals, values and audit rows: how much slower their medians are. */
export async function size(stage: Stage, small: number, large: number): Promise<Row[]> {
  const { world, projectId } = stage
  const { key } = await makeKey(world.db.sql, systemCtx(world, 'bench'), {
    projectId,
    name: 'size',
    scopes: ['*'],
    keyPaths: null,
    transports: ['header'],
    lifetime: null,
  })
  const player = stage.player('ours')
  const medians = async () => {
    const all = new Map<string, number>()
    for (const { name, path, session } of asks) {
      const headers: Record<string, string> = session
        ? { cookie: player.session, 'x-countersign-project': projectId }
        : { authorization: `Bearer ${key}` }
      all.set(name, await p50Of(`http://127.0.0.1:${player.port}${path}`, headers))
    }
    return all
  }
  await grow(stage, 1, small)
  await medians()
  const before = await medians()
  await grow(stage, small + 1, large)
  await medians()
  const after = await medians()
  return [...before].map(([name, was]) => {
    const is = after.get(name) ?? Number.NaN
    const figures = { ours: is, limit: was * most, ratio: (was * most) / is, p50_ms: is }
    return { case: `size, ${name}: ms`, ...figures, ...{ p99_ms: null, cpu_us: null, rss_mib: null } }
  })
}
