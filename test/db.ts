import { randomBytes } from 'node:crypto'
import { afterAll, inject } from 'vitest'
import { type Db, openDb } from '../server/lib/db.ts'
import { type Address, connect, inDatabase } from '../server/lib/driver/connect.ts'
import { mustHoldNoSeed } from './dump.ts'
import { mustBeWellTold } from './told.ts'

/**
 * A database of its own for a test file, copied from the migrated template, and dropped when the file ends; whatever the
 * file made happen must be well told by then, without any seed. Call it at the top of the file: `const { db } = await testDb()`.
 */
export async function testDb({ max = 10 } = {}): Promise<{ address: Address; db: Db }> {
  const server = inject('server')
  const name = `countersign_${randomBytes(6).toString('hex')}`
  await command(server, `create database ${name} template ${inject('template')}`)
  const address = inDatabase(server, name)
  const db = openDb({ address, max, name: 'countersign test' })
  afterAll(async () => {
    await mustBeWellTold(db.sql)
    await mustHoldNoSeed(db.sql)
    await db.close()
    await command(server, `drop database ${name} with (force)`)
  })
  return { address, db }
}

async function command(server: Address, text: string): Promise<void> {
  const sql = connect(server, { max: 1, name: 'countersign tests' })
  // Two files can want the template at the same moment.
  await sql`select pg_advisory_lock(1)`
  await sql.unsafe(text)
  await sql.end({ timeout: 5 })
}
