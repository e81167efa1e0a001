import type { Ctx } from '../context.ts'
import { noteUses, type Uses } from '../keys/uses.ts'
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

/** Stores rows, and when their keys were used, in one transaction. `again`: some may be there, since a reply was lost. */
export async function store(tx: Sql, ctx: Ctx, rows: LoggedRequest[], again: boolean): Promise<void> {
  const noted = tx.json(rows)
  const stored = await tx`
    insert into requests (id, project_id, key_id, at, method, route, status, code, ip, ms, bytes_in, bytes_out,
      request_body, response_body)
    select id, "projectId", "keyId", at, method, route, status, code, ip, ms, "bytesIn", "bytesOut",
      "requestBody", "responseBody"
    from jsonb_to_recordset(${noted}) as noted (id text, "projectId" text, "keyId" text, at timestamptz(3), method text,
      route text, status int, code text, ip text, ms int, "bytesIn" int, "bytesOut" int, "requestBody" text,
      "responseBody" text)
    where not ${again} or not exists (
      select 1 from requests r where r.project_id = "projectId" and r.at = noted.at and r.id = noted.id)`
  const uses = usesIn(rows)
  if (stored.count > 0 && uses.length > 0) await noteUses(tx, ctx, uses)
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
 * Each project's oldest are found by the index, and what another node deletes at the same moment is passed over.
 */
export async function sweepRequests(sql: Sql): Promise<number> {
  const gone = await sql`
    delete from requests where seq in (
      select due.seq from projects p
      cross join lateral (
        select seq from requests r
        where r.project_id = p.id and r.at < now() - make_interval(days => p.requests_days)
        order by r.at limit 1000 for update skip locked) due
      limit 5000)`
  return gone.count
}
