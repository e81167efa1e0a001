import type { Config } from '../env.ts'
import { type Address, connect, type Sql } from '../lib/driver/connect.ts'
import { startEmbedded } from '../lib/embedded/index.ts'

/**
 * One connection to the database as it is, not migrated and not proven; the embedded one is started for it when it does not
 * run, and stopped again.
 */
export async function withDatabase<Answer>(
  config: Config,
  { name, session }: { name: string; session: Record<string, string> },
  work: (sql: Sql) => Promise<Answer>,
): Promise<Answer> {
  const { dataDir, databaseUrl } = config
  const embedded = databaseUrl === undefined ? await startEmbedded({ dataDir, log: () => undefined }) : undefined
  const address: Address | undefined = databaseUrl ?? embedded?.address
  if (address === undefined) throw new Error('There is no database to open.')
  const sql = connect(address, { max: 1, name, session, patience: 30 })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.release()
  }
}
