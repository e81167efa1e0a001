import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { apiKeys, requests } from '../../drizzle/schema/index.ts'
import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { World } from '../world.ts'

type Filters = z.output<typeof contract.requests.list.input>

/** A page of a project's access log. A row whose key is gone from the database keeps its id and has no name. */
export async function pageOfRequests({ db: { orm } }: World, projectId: string, filters: Filters) {
  const before = placeOf(filters.cursor, /^[1-9]\d{0,15}$/)
  const when = <Value>(value: Value | undefined, condition: (value: Value) => ReturnType<typeof eq>) =>
    value === undefined ? undefined : condition(value)
  const rows = await orm
    .select({ row: requests, name: apiKeys.name })
    .from(requests)
    .leftJoin(apiKeys, eq(apiKeys.id, requests.keyId))
    .where(
      and(
        eq(requests.projectId, projectId),
        when(filters.key_id, (id) => eq(requests.keyId, id)),
        when(filters.method, (method) => eq(requests.method, method)),
        when(filters.route, (route) => eq(requests.route, route)),
        when(filters.status, (status) => eq(requests.status, status)),
        when(filters.failed, (failed) => (failed ? gte(requests.status, 400) : lt(requests.status, 400))),
        when(filters.ip, (ip) => eq(requests.ip, ip)),
        when(filters.since, (since) => gte(requests.at, sql`${since}::timestamptz`)),
        when(filters.until, (until) => lt(requests.at, sql`${until}::timestamptz`)),
        when(before, (seq) => lt(requests.seq, Number(seq))),
      ),
    )
    .orderBy(desc(requests.seq))
    .limit(filters.limit + 1)
  return pageOf(
    rows,
    filters.limit,
    ({ row }) => String(row.seq),
    ({ row, name }) => ({
      request_id: row.id,
      at: row.at.toISOString(),
      key_id: row.keyId,
      key_name: name ?? '',
      method: row.method,
      route: row.route,
      status: row.status,
      code: row.code,
      ip: row.ip,
      ms: row.ms,
      bytes_in: row.bytesIn,
      bytes_out: row.bytesOut,
      request_body: row.requestBody,
      response_body: row.responseBody,
    }),
  )
}
