import { isMigrated, serverRole } from '../../drizzle/migrate.ts'
import type { Config } from '../env.ts'
import { isDatabaseAway } from '../lib/deadline.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { StartFault } from '../lib/fault.ts'
import { keyringIsExposed, readKey } from '../lib/keyring.ts'
import { queueIsMigrated } from '../lib/queue/migrate.ts'
import { queueState } from '../lib/queue/state.ts'
import { recentFailures } from '../mails/failures.ts'
import { verifyTransport } from '../mails/transport.ts'
import { missingEpochs } from '../secrets/missing.ts'

/** One thing that was looked at. The same words in the dashboard and in `countersign doctor`. */
export type Look = { name: string; ok: boolean; sentence: string }

/** A look that found something wrong; the message is for whoever runs the instance and holds no secret. */
export class Wrong extends Error {}

/** Looks, and says what it saw, whatever happens. */
export const look = (name: string, at: () => Promise<string>): Promise<Look> =>
  at().then(
    (sentence) => ({ name, ok: true, sentence }),
    (error) => ({ name, ok: false, sentence: sentenceOf(error) }),
  )

function sentenceOf(error: unknown): string {
  if (error instanceof Wrong || error instanceof StartFault) return error.message
  if (isDatabaseAway(error)) return 'It cannot be reached.'
  return 'It could not be looked at.'
}

const mostDrift = 1000

/** Most seconds that work may be overdue before nobody seems to do it. */
const mostOverdue = 60

/** `embedded`: it was started by us, and nobody else's backups take care of it. */
export async function lookAtDatabase(sql: Sql, embedded: boolean): Promise<string> {
  const [row] = await sql`select current_setting('server_version') as version`
  return `PostgreSQL ${row?.version} answers; it is ${embedded ? 'the embedded one, below DATA_DIR' : 'the one of DATABASE_URL'}.`
}

export async function lookAtMigrations(sql: Sql): Promise<string> {
  if (await isMigrated(sql)) return 'All are applied.'
  throw new Wrong('Some are pending; `countersign migrate` or the next start applies them.')
}

/** Whether the server works under a role that cannot change audit rows; nothing is broken where it does not. */
export async function lookAtAudit(sql: Sql): Promise<string> {
  if (!(await isMigrated(sql))) throw new Wrong('It is not there yet; it comes with the migrations.')
  if (await serverRole(sql)) return 'The server works under a role that cannot change it.'
  return 'Only triggers keep it from changes: the user of DATABASE_URL may not make the role countersign_server.'
}

/** Whether every key that a one-time secret needs is in the keyring, and only ours to read. */
export async function lookAtKeyring(sql: Sql, dir: string): Promise<string> {
  if (!(await isMigrated(sql))) throw new Wrong('It is not used yet; that comes with the migrations.')
  if (keyringIsExposed(dir)) throw new Wrong(`Others may look into KEYRING_DIR ${dir}; chmod 700 it.`)
  const missing = await missingEpochs(sql, (id) => readKey(dir, id))
  if (missing.length === 0) return `Every key that a secret needs is in ${dir}.`
  throw new Wrong(
    `Secrets need ${missing.length} ${missing.length === 1 ? 'key that is' : 'keys that are'} not in ${dir}: every node needs the one directory. If they are lost for good, \`countersign keyring:forget\` burns those secrets.`,
  )
}

/** `now`: what this node takes for the time, in ms. */
export async function lookAtClock(sql: Sql, now: () => number): Promise<string> {
  const before = now()
  const [row] = await sql`select extract(epoch from clock_timestamp())::float8 * 1000 as at`
  const drift = Math.round(row?.at - (before + now()) / 2)
  if (Math.abs(drift) > mostDrift) throw new Wrong(`The database's clock is ${drift} ms off ours; both need NTP.`)
  return `The database's clock is ${drift} ms off ours.`
}

/** What a code of the mail server or of the connection to it means. */
const meaning: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNECTION: 'no connection comes about',
  ESOCKET: 'no connection comes about',
  EDNS: 'its name is not known',
  ENOTFOUND: 'its name is not known',
  ETIMEDOUT: 'it does not answer in time',
  ETLS: 'it offers no TLS, or none that can be trusted',
  EAUTH: 'it does not accept our login',
  '535': 'it does not accept our login',
}

export const meaningOf = (code: string): string => (meaning[code] ? `${meaning[code]} (${code})` : `it said ${code}`)

/** Asks the mail server whether it would take mail, within 3 s; sends none. */
export async function lookAtMail(config: Config): Promise<string> {
  if (config.smtpUrl === undefined) return 'SMTP_URL is not set: no mail is sent, links are shown to be copied.'
  const fault = await verifyTransport(config)
  if (fault !== undefined) throw new Wrong(`The mail server of SMTP_URL takes no mail: ${meaningOf(fault)}.`)
  return 'The mail server answers.'
}

/** What became of the mails of the last days. */
export async function lookAtDelivery(sql: Sql): Promise<string> {
  const [table] = await sql`select to_regclass('public.mail_failures') is not null as made`
  if (!table?.made) throw new Wrong('Nothing is noted yet; that comes with the migrations.')
  const { count, at, code, kind } = await recentFailures(sql)
  if (count === 0 || at === null) return 'No mail was given up in the last seven days.'
  const why = kind === 'unknown' ? code : meaningOf(code ?? '')
  throw new Wrong(`${count} given up in the last seven days; the last one at ${at.toISOString()}: ${why}.`)
}

export async function lookAtQueue(sql: Sql): Promise<string> {
  if (!(await queueIsMigrated(sql))) throw new Wrong('It is not there yet; it comes with the migrations.')
  const { waiting, overdue, failing, lastError } = await queueState(sql)
  if (waiting === 0) return 'Nothing waits.'
  const jobs = `${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'}`
  if (failing > 0) throw new Wrong(`${jobs}, ${failing} of them failed before: ${meaningOf(lastError ?? '')}.`)
  if (overdue > mostOverdue) throw new Wrong(`${jobs}, the oldest for ${overdue} s; does a server with SMTP_URL run?`)
  return `${jobs}.`
}
