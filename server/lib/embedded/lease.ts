import { realpathSync } from 'node:fs'
import { isDatabaseAway } from '../deadline.ts'
import { type Address, connect, type Sql } from '../driver/connect.ts'
import { StartFault } from '../fault.ts'
import { superuser } from './cluster.ts'
import type { Home } from './home.ts'
import { port } from './settings.ts'
import { hasCode } from './system.ts'

/** The application's database in the cluster. */
export const database = 'countersign'

/** Shared by everyone who uses the server, exclusive for the one who stops it. The same in every release. */
const key = 7220190210

/**
 * One process's claim on a running server: a connection that holds a shared advisory lock. It ends with the process,
 * however that ends; no file has to be believed.
 */
export type Lease = {
  /** Resolves when the connection is lost. */
  lost: Promise<void>
  /** Gives the claim back. True: nobody else has one, and nobody can get one before `close`: stop the server. */
  leave(): Promise<boolean>
  close(): Promise<void>
}

/** Where the server of a home listens. */
export const addressOf = (home: Home, name: string = database): Extract<Address, object> => ({
  host: home.run,
  port,
  user: superuser,
  database: name,
})

/** Claims the server that accepts connections at the home's socket; undefined when it is starting, stopping or gone. */
export async function takeLease(home: Home): Promise<Lease | undefined> {
  let lose = () => {}
  const lost = new Promise<void>((resolve) => {
    lose = resolve
  })
  // Advisory locks belong to a database: always the same one.
  const sql = connect(addressOf(home, 'postgres'), { max: 1, name: 'countersign lease', onclose: () => lose() })
  const close = () => sql.end({ timeout: 0 })
  try {
    if (await claim(sql, home)) return { lost, leave: () => leave(sql), close }
    await close()
    return undefined
  } catch (error) {
    await close()
    if (isDatabaseAway(error)) return undefined
    throw error
  }
}

async function claim(sql: Sql, home: Home): Promise<boolean> {
  const [row] = await sql`
    select current_setting('data_directory') as data, pg_try_advisory_lock_shared(${key}) as claimed,
           exists (select from pg_database where datname = ${database}) as made`
  if (realpathSync(row?.data) !== home.data) {
    throw new StartFault(
      `The server at ${home.run} keeps its data in ${row?.data}, not in ${home.data}. Stop it and start again.`,
    )
  }
  if (row?.claimed && !row.made) await make(sql)
  return row?.claimed
}

async function make(sql: Sql): Promise<void> {
  try {
    await sql`create database ${sql(database)}`
  } catch (error) {
    // duplicate_database, or the unique index when both are quick: somebody who started with us.
    if (!hasCode(error, '42P04', '23505')) throw error
  }
}

/** First out, then ask: two who leave together must not both see the other. */
async function leave(sql: Sql): Promise<boolean> {
  try {
    await sql`select pg_advisory_unlock_shared(${key})`
    const [row] = await sql`select pg_try_advisory_lock(${key}) as last`
    return row?.last
  } catch (error) {
    if (isDatabaseAway(error)) return false
    throw error
  }
}
