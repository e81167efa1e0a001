import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import postgres from 'postgres'
import { isMigrated } from '../../drizzle/migrate.ts'
import type { Config } from '../env.ts'
import {
  type Look,
  look as lookAt,
  lookAtAudit,
  lookAtClock,
  lookAtDatabase,
  lookAtDelivery,
  lookAtKeyring,
  lookAtMail,
  lookAtMigrations,
  lookAtQueue,
  Wrong,
} from '../instance/looks.ts'
import { mastersIn, proveMasterKey } from '../instance.ts'
import { withDeadline } from '../lib/deadline.ts'
import { type Address, connect, requireGuard, type Sql } from '../lib/driver/connect.ts'
import { startEmbedded } from '../lib/embedded/index.ts'
import { masterKeyFile, masterKeyIsExposed } from '../lib/masterkey.ts'
import { openVault } from '../vault.ts'
import { CommandFault, type Terminal } from './terminal.ts'

type Note = (check: string, look: () => Promise<string>) => Promise<void>

const leastFree = 256 * 1024 * 1024

/** `doctor`: looks at everything a start needs, changes nothing, and says what is wrong. */
export async function doctor(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const config = terminal.config()
  const looks: Look[] = []
  const note: Note = async (check, look) => {
    const { ok, sentence } = await lookAt(check, look)
    looks.push({ name: check, ok, sentence })
    if (!json) terminal.out(`${mark(terminal, ok)} ${check}: ${sentence}`)
  }
  await note('driver', async () => {
    requireGuard(postgres)
    return 'The postgres driver is guarded.'
  })
  await note('data directory', () => lookAtDirectory(config.dataDir))
  if (config.databaseUrl !== undefined || existsSync(join(config.dataDir, 'embedded'))) await lookInside(config, note)
  else await note('database', async () => 'There is none yet; the first start makes it.')
  await note('mail', () => lookAtMail(config))
  const ok = looks.every((one) => one.ok)
  if (json)
    terminal.out(
      JSON.stringify({ ok, checks: looks.map(({ name, ok, sentence }) => ({ check: name, ok, says: sentence })) }),
    )
  if (!ok) throw new CommandFault('Something is wrong; see above.')
}

const mark = ({ color }: Terminal, ok: boolean) =>
  color ? styleText(ok ? 'green' : 'red', ok ? '✓' : '✗') : ok ? '✓' : '✗'

async function lookAtDirectory(dataDir: string): Promise<string> {
  if (!existsSync(dataDir)) return `${dataDir} is not there yet; the first start makes it.`
  await access(dataDir, constants.W_OK).catch(() =>
    Promise.reject(new Wrong(`${dataDir} cannot be written by this account.`)),
  )
  if (masterKeyIsExposed(dataDir)) throw new Wrong(`Others may read ${masterKeyFile(dataDir)}; chmod 600 it.`)
  const { bavail, bsize } = await statfs(dataDir)
  if (bavail * bsize < leastFree) throw new Wrong(`Less than 256 MiB are free in ${dataDir}.`)
  return `${dataDir} can be written.`
}

async function lookAtMasterKey(config: Config, sql: Sql): Promise<string> {
  if (!(await proveMasterKey(config, sql))) return 'The database is unused.'
  if (!(await isMigrated(sql))) return 'It is the one of this database.'
  const closed = await (await openVault(sql, mastersIn(config))).refresh()
  if (closed.length === 0) return 'It is the one of this database.'
  throw new Wrong('It opens this database but not every key in it; start with the newest master key.')
}

async function lookInside(config: Config, note: Note): Promise<void> {
  let embedded: Awaited<ReturnType<typeof startEmbedded>> | undefined
  let address: Address | undefined = config.databaseUrl
  await note('database', async () => {
    if (address === undefined) embedded = await startEmbedded({ dataDir: config.dataDir, log: () => undefined })
    address ??= embedded?.address
    if (address === undefined) throw new Wrong('There is none.')
    return withClient(address, (sql) => lookAtDatabase(sql, config.databaseUrl === undefined))
  })
  const ask = (check: string, look: (sql: Sql) => Promise<string>) =>
    note(check, () =>
      address === undefined ? Promise.reject(new Wrong('The database is away.')) : withClient(address, look),
    )
  await ask('migrations', lookAtMigrations)
  await ask('master key', (sql) => lookAtMasterKey(config, sql))
  await ask('keyring', (sql) => lookAtKeyring(sql, config.keyringDir))
  await ask('audit log', lookAtAudit)
  await ask('clock', (sql) => lookAtClock(sql, Date.now))
  await ask('queue', lookAtQueue)
  await ask('mail delivery', lookAtDelivery)
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
