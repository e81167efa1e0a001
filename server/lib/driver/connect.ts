import { join } from 'node:path'
import postgres from 'postgres'

/**
 * Where a PostgreSQL listens: a `postgres://` URL (DATABASE_URL), or the parts of one. A `host` that begins with `/` is the
 * directory of a unix socket.
 */
export type Address = string | { host: string; port: number; user: string; password?: string; database: string }

/** How a pool is opened. Times are in seconds. */
export type Pool = {
  /** Connections at most. */
  max: number
  /** Shown in pg_stat_activity. */
  name: string
  /** Called for each connection that ends. */
  onclose?: () => void
  /** Called for each NOTIFY on a channel that a connection of this pool listens to. */
  onnotify?: (channel: string, payload: string) => void
  /** Seconds to a first answer of the server; 5 by default. */
  patience?: number
  /** Seconds a connection may keep a statement waiting without a byte before it is given up; no limit by default. */
  silence?: number
  /** Session settings, for example `{ statement_timeout: '5s' }`. */
  session?: Record<string, string>
}

/** The raw client. */
export type Sql = postgres.Sql

/** Refuses a driver that the build did not guard: it ends the process when a connection breaks (see hunks.ts). */
export function requireGuard(driver: object): void {
  if ('guarded' in driver && driver.guarded === true) return
  throw new Error(
    'The postgres driver is not guarded. Start the built server (npm start), or bundle with guardDriver() of server/lib/driver/guard.ts.',
  )
}

/** libpq's `postgres://user@localhost/database?host=/directory/of/socket` as parts; the driver does not know it. */
function socketOf(address: Address): Exclude<Address, string> | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const { searchParams, port, username, password, pathname } = new URL(address)
  const host = searchParams.get('host')
  if (!host?.startsWith('/')) return undefined
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)]
  const database = decodeURIComponent(pathname.slice(1)) || user
  return { host, port: Number(port || 5432), user, database, ...(secret ? { password: secret } : {}) }
}

/** Does the URL name several hosts? */
const hasHosts = (url: string) => /^\w+:\/\/[^/?]*,/.test(url)

/** A pool of connections to the address; none is opened before the first query. Throws when the driver is unguarded. */
export function connect(
  given: Address,
  { max, name, onclose, onnotify, patience = 5, silence, session = {} }: Pool,
): Sql {
  requireGuard(postgres)
  const address = socketOf(given) ?? given
  const options = {
    max,
    // The default grows to 20 s: a service must be back within 5 s of its database.
    backoff: () => 0.2,
    connect_timeout: patience,
    connection: { application_name: name, ...session },
    onnotice: () => {},
    // The guard's own option (hunks.ts).
    ...(silence ? { answer_timeout: silence } : {}),
    ...(onnotify ? { onnotify } : {}),
    ...(onclose ? { onclose, max_lifetime: null } : {}),
  }
  // Of several hosts the one that can be written to, whatever the URL says: `read-write` would take a standby.
  if (typeof address === 'string')
    return postgres(address, hasHosts(address) ? { ...options, target_session_attrs: 'primary' } : options)
  if (!address.host.startsWith('/')) return postgres({ ...address, ...options })
  // As `path`: the driver would split a host at commas and colons.
  const path = join(address.host, `.s.PGSQL.${address.port}`)
  return postgres({ ...address, ...options, host: 'localhost', path, ssl: false })
}

/** The same address with another database. */
export function inDatabase(address: Address, database: string): Address {
  if (typeof address !== 'string') return { ...address, database }
  const url = new URL(address)
  url.pathname = `/${database}`
  return url.href
}
