import type { PoolConfig } from 'pg'
import type { Address } from '../driver/connect.ts'

type Parts = { user: string; password: string; host: string; port: number; database: string; query: URLSearchParams }

/** A URL's parts, once for each of its hosts. */
function partsOf(address: Address): Parts[] {
  if (typeof address !== 'string') return [{ password: '', ...address, query: new URLSearchParams() }]
  const [, start = '', hosts = '', rest = ''] = /^(\w+:\/\/(?:[^/?]*@)?)([^/?]*)(.*)$/.exec(address) ?? []
  return hosts.split(',').map((one) => {
    const { username, password, hostname, port, pathname, searchParams: query } = new URL(start + one + rest)
    const user = decodeURIComponent(username)
    const host = query.get('host') ?? (hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost')
    const database = decodeURIComponent(pathname.slice(1)) || user
    return { user, password: decodeURIComponent(password), host, port: Number(port || 5432), database, query }
  })
}

/** `sslmode` as our own driver means it; what may do without TLS is tried with it first. */
function tlsOf(query: URLSearchParams): PoolConfig['ssl'][] {
  const mode = query.get('sslrootcert') === 'system' ? 'verify-full' : (query.get('sslmode') ?? query.get('ssl'))
  if (mode === null || mode === 'disable' || mode === 'false') return [false]
  if (mode === 'prefer') return [{ rejectUnauthorized: false }, false]
  return [mode === 'require' || mode === 'allow' ? { rejectUnauthorized: false } : true]
}

/**
 * The address for `pg`, the queue's driver, as configurations to be tried in turn: it knows no list of hosts, no `prefer`,
 * and reads `require` otherwise than ours does.
 * @param role the role that each connection takes
 */
export function poolsFor(address: Address, role?: string): PoolConfig[] {
  return partsOf(address).flatMap(({ query, password, ...where }) =>
    tlsOf(query).map((ssl) => {
      const options = [query.get('options'), role && `-c role=${role}`].filter(Boolean).join(' ')
      return {
        ...where,
        ...(password && { password }),
        ...(options && { options }),
        ssl: where.host.startsWith('/') ? false : ssl,
      }
    }),
  )
}
