import { connection } from './connection.ts'
import type { Patch } from './patch.ts'
import { pool, queue } from './pool.ts'

/**
 * The guard of the driver, file by file under `node_modules/postgres/src`. Each hunk says what went wrong without it.
 * Upstream: porsager/postgres #1154, #1066, #1208, #747.
 */
export const patches: Readonly<Record<string, Patch>> = {
  'connection.js': connection,
  'queue.js': queue,
  'index.js': pool,
}
