import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import postgres from 'postgres'
import { isMigrated } from '../../drizzle/migrate.ts'
import type { Config } from '../env.ts'
import { proveMasterKey } from '../instance.ts'
import { isDatabaseAway, withDeadline } from '../lib/deadline.ts'
import { type Address, connect, requireGuard, type Sql } from '../lib/driver/connect.ts'
import { startEmbedded } from '../lib/embedded/index.ts'
import { StartFault } from '../lib/fault.ts'
import { masterKeyFile, masterKeyIsExposed } from '../lib/masterkey.ts'
import { CommandFault, type Terminal } from './terminal.ts'

type Finding = { check: string; ok: boolean; says: string }
type Note = (check: string, look: () => Promise<string>) => Promise<void>

const leastFree = 256 * 1024 * 1024
const mostDrift = 2000

class Fault extends Error {}

function sayOf(error: unknown): string {
  if (error instanceof Fault || error instanceof StartFault) return error.message
  if (isDatabaseAway(error)) return 'It cannot be reached.'
  return 'It could not be looked at.'
}

/** `doctor`: looks at everything a start needs, changes nothing, and says what is wrong. */
export async function doctor(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const config = terminal.config()
  const findings: Finding[] = []
  const note: Note = async (check, look) => {
    const finding = await look().then(
      (says) => ({ check, ok: true, says }),
      (error) => ({ check, ok: false, says: sayOf(error) }),
    )
    findings.push(finding)
    if (!json) terminal.out(`${mark(terminal, finding.ok)} ${check}: ${finding.says}`)
  }
  await note('driver', async () => {
    requireGuard(postgres)
    return 'The postgres driver is guarded.'
  })
  await note('data directory', () => lookAtDirectory(config.dataDir))
  if (config.databaseUrl !== undefined || existsSync(join(config.dataDir, 'embedded')))
    await lookAtDatabase(config, note)
  else await note('database', async () => 'There is none yet; the first start makes it.')
  const ok = findings.every((finding) => finding.ok)
  if (json) terminal.out(JSON.stringify({ ok, checks: findings }))
  if (!ok) throw new CommandFault('Something is wrong; see above.')
}

const mark = ({ color }: Terminal, ok: boolean) =>
  color ? styleText(ok ? 'green' : 'red', ok ? '✓' : '✗') : ok ? '✓' : '✗'

async function lookAtDirectory(dataDir: string): Promise<string> {
  if (!existsSync(dataDir)) return `${dataDir} is not there yet; the first start makes it.`
  await access(dataDir, constants.W_OK).catch(() =>
    Promise.reject(new Fault(`${dataDir} cannot be written by this account.`)),
  )
  if (masterKeyIsExposed(dataDir)) throw new Fault(`Others may read ${masterKeyFile(dataDir)}; chmod 600 it.`)
  const { bavail, bsize } = await statfs(dataDir)
  if (bavail * bsize < leastFree) throw new Fault(`Less than 256 MiB are free in ${dataDir}.`)
  return `${dataDir} can be written.`
}

async function lookAtDatabase(config: Config, note: Note): Promise<void> {
  let embedded: Awaited<ReturnType<typeof startEmbedded>> | undefined
  let address: Address | undefined = config.databaseUrl
  await note('database', async () => {
    if (address === undefined) embedded = await startEmbedded({ dataDir: config.dataDir, log: () => undefined })
    address ??= embedded?.address
    if (address === undefined) throw new Fault('There is none.')
    return withClient(address, async (sql) => {
      const [row] = await sql`select current_setting('server_version') as version`
      return `PostgreSQL ${row?.version} answers.`
    })
  })
  const ask = (check: string, look: (sql: Sql) => Promise<string>) =>
    note(check, () =>
      address === undefined ? Promise.reject(new Fault('The database is away.')) : withClient(address, look),
    )
  await ask('migrations', async (sql) => {
    if (!(await isMigrated(sql)))
      throw new Fault('Some are pending; `countersign migrate` or the next start applies them.')
    return 'All are applied.'
  })
  await ask('master key', async (sql) =>
    (await proveMasterKey(config, sql))
      ? 'It is the one this database was first used with.'
      : 'The database is unused.',
  )
  await ask('clock', async (sql) => {
    const before = Date.now()
    const [row] = await sql`select extract(epoch from clock_timestamp())::float8 * 1000 as at`
    const drift = Math.round(row?.at - (before + Date.now()) / 2)
    if (Math.abs(drift) > mostDrift) throw new Fault(`The database's clock is ${drift} ms off ours.`)
    return `The database's clock is ${drift} ms off ours.`
  })
  await embedded?.release()
}

/** A connection of its own for each check, given 10 s. */
async function withClient(address: Address, look: (sql: Sql) => Promise<string>): Promise<string> {
  const sql = connect(address, { max: 1, name: 'countersign doctor' })
  try {
    return await withDeadline(10_000, () => look(sql))
  } finally {
    await sql.end({ timeout: 1 })
  }
}
