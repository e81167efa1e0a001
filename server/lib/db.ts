import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import * as schema from '../../drizzle/schema/index.ts'
import { type Address, connect, type Sql } from './driver/connect.ts'
import { tracedSql } from './driver/traced.ts'
import type { Traces } from './trace.ts'

export type { Address, Sql } from './driver/connect.ts'

/** Queries in drizzle's words, typed by the schema. */
export type Orm = PostgresJsDatabase<typeof schema>

/** The open database. drizzle changes the parsers of its client, so raw SQL has a client of its own. */
export type Db = { sql: Sql; orm: Orm; close(): Promise<void> }

/** Longest statement in seconds: a connection that says nothing for so long is given up as dead. */
const silence = 30

/**
 * Opens the database; connects with the first query. Throws when the driver is unguarded.
 * @param max connections of both clients together
 * @param name application_name in pg_stat_activity
 * @param session settings of every connection
 * @param traces follows each statement of a request, where somebody wants that
 */
export function openDb({
  address,
  max = 10,
  name = 'countersign',
  session = {},
  traces,
}: {
  address: Address
  max?: number
  name?: string
  session?: Record<string, string>
  traces?: Traces | undefined
}): Db {
  const forOrm = Math.max(1, Math.ceil(max / 2))
  const open = (count: number) => {
    const client = connect(address, { max: count, name, silence, session })
    return traces ? tracedSql(client, traces) : client
  }
  const [sql, client] = [open(Math.max(1, max - forOrm)), open(forOrm)]
  return {
    sql,
    orm: drizzle(client, { schema }),
    // Queries in flight get 5 s; a lost connection must not keep the process.
    close: async () => void (await Promise.all([sql.end({ timeout: 5 }), client.end({ timeout: 5 })])),
  }
}
