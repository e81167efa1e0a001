import { afterAll } from 'vitest'
import { connect, type Sql } from '../server/lib/driver/connect.ts'
import type { World } from '../server/world.ts'

/**
 * A world's database as its owner sees it, for what a test does behind the server's back: the server works under a role
 * that may not. Closed when the file ends; call it at the top of the file.
 */
export function ownerOf({ address }: Pick<World, 'address'>): Sql {
  const sql = connect(address, { max: 4, name: 'countersign test owner' })
  afterAll(() => sql.end({ timeout: 5 }))
  return sql
}
