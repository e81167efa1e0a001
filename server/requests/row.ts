import type { Ctx } from '../context.ts'
import { noteUses, type Uses } from '../keys/uses.ts'
import { copyRows, type Field } from '../lib/copy.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { neighbourhoodOf } from '../lib/network.ts'

/** One request as the access log keeps it: templates and numbers, never an address that was asked for. */
export type LoggedRequest = {
  /** As `X-Request-Id` said. */
  id: string
  /** The live project, also for a test key. */
  projectId: string
  keyId: string
  /** Whether the key opened anything: an ended key, or one from elsewhere, was not used. */
  isUse: boolean
  at: Date
  method: string
  route: string
  status: number
  code: string | null
  ip: string
  userAgent: string | null
  /** Milliseconds until the reply was sent. */
  ms: number
  bytesIn: number
  bytesOut: number
  requestBody: string | null
  responseBody: string | null
}

const columns = `requests (id, project_id, key_id, at, method, route, status, code, ip, ms, bytes_in, bytes_out,
  request_body, response_body)`

const fieldsOf = (row: LoggedRequest): Field[] => [
  ...[row.id, row.projectId, row.keyId, row.at.toISOString(), row.method, row.route, row.status, row.code, row.ip],
  ...[row.ms, row.bytesIn, row.bytesOut, row.requestBody, row.responseBody],
]

/** How far back a batch whose reply was lost is looked for: more rows than all nodes write between two tries. */
const lookBack = 200_000

/** Those of the rows that are not stored yet. */
async function missing(tx: Sql, rows: LoggedRequest[]): Promise<LoggedRequest[]> {
  const stored = await tx<{ id: string }[]>`
    select id from requests
    where project_id = any (${[...new Set(rows.map((row) => row.projectId))]})
      and seq > (select last_value - ${lookBack} from requests_seq_seq) and id = any (${rows.map((row) => row.id)})`
  const ids = new Set(stored.map(({ id }) => id))
  return rows.filter((row) => !ids.has(row.id))
}

/**
 * Stores rows, and when their keys were used, in one transaction. `again`: some may be there, since a reply was lost. The
 * commit does not wait for the disk: what a crash of the database takes is no more than what a crash of this process does.
 */
export async function store(tx: Sql, ctx: Ctx, rows: LoggedRequest[], again: boolean): Promise<void> {
  await tx`set local synchronous_commit to off`
  const fresh = again ? await missing(tx, rows) : rows
  if (fresh.length === 0) return
  await copyRows(tx, columns, fresh.map(fieldsOf))
  const uses = usesIn(fresh)
  if (uses.length > 0) await noteUses(tx, ctx, uses)
}

/** What the rows tell of each key that was used. */
function usesIn(rows: LoggedRequest[]): Uses[] {
  const byKey = new Map<string, LoggedRequest[]>()
  for (const row of rows) {
    if (!row.isUse) continue
    const used = byKey.get(row.keyId)
    if (used) used.push(row)
    else byKey.set(row.keyId, [row])
  }
  return [...byKey].map(([keyId, used]) => {
    const last = used.reduce((latest, row) => (row.at > latest.at ? row : latest))
    const networks = [...new Set(used.map((row) => neighbourhoodOf(row.ip)))]
    return { keyId, count: used.length, at: last.at, ip: last.ip, userAgent: last.userAgent, networks }
  })
}

/**
 * Deletes rows that are older than their project keeps them, at most five thousand at a time; answers how many there were.
 * Rows are numbered as they came, so only each project's first need a look; what another node deletes at the same moment
 * is passed over.
 */
export async function sweepRequests(sql: Sql): Promise<number> {
  const gone = await sql`
    delete from requests r using (
      select due.project_id, due.seq from projects p
      cross join lateral (
        select project_id, seq, at from requests r where r.project_id = p.id order by r.seq limit 1000
        for update skip locked) due
      where due.at < now() - make_interval(days => p.requests_days)
      limit 5000) due
    where r.project_id = due.project_id and r.seq = due.seq`
  return gone.count
}
