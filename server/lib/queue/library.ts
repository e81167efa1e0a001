import type { Pool, PoolConfig } from 'pg'
import { DatabaseAway, within } from '../deadline.ts'
import type { Log } from '../log.ts'

/** The schema that graphile-worker keeps its tables in; never another one, whatever a file in the working directory says. */
export const schema = 'graphile_worker'

/** graphile-worker, loaded when it is first needed, and a logger for it that passes on no text: it writes messages of errors. */
export async function loadLibrary(log?: Log) {
  const { run, runMigrations, Logger } = await import('graphile-worker')
  const logger = new Logger(() => (level, _text, meta) => {
    if (/^(error|warning)$/.test(level)) log?.warn({ job: 'queue', err: meta?.error }, 'The queue met a fault')
  })
  return { run, runMigrations, logger }
}

/** Seconds after which a statement without an answer is given up. */
const silence = 30

/** A worker on a standby would find no job and would not fail either: it would stand still until that is promoted. */
async function mustBePrimary(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
  if (rows[0]?.standby) throw new DatabaseAway('The database is a standby')
}

/**
 * Runs work on a pool of its own. The library's pool loses its error handlers before it is closed: a connection that the
 * server ends in that moment would end the process.
 */
export async function withPool<Answer>(
  config: PoolConfig,
  { name, max }: { name: string; max: number },
  work: (pool: Pool) => Promise<Answer>,
): Promise<Answer> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    ...config,
    max,
    application_name: name,
    connectionTimeoutMillis: 5000,
    query_timeout: silence * 1000,
    keepAlive: true,
  })
  // The query that is under way fails, or the next one does: that is where it is dealt with.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  try {
    await mustBePrimary(pool)
    return await work(pool)
  } finally {
    await within(2000, pool.end()).catch(() => undefined)
  }
}
