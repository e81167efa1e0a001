import { afterAll } from 'vitest'
import type { Address } from '../../server/lib/driver/connect.ts'
import { build, startServer, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { configOf, worldAt } from '../serve.ts'
import { start } from './child.ts'

const masterKey = 'ab'.repeat(32)
const unlimited = '*=100000000/60'

/** An address as `DATABASE_URL` says it. */
export function urlOf(address: Address): string {
  if (typeof address === 'string') return address
  const { host, port, user, password, database } = address
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`
  if (!host.startsWith('/')) return `postgres://${login}@${host}:${port}/${database}`
  return `postgres://${login}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}

/**
 * Four processes of the built server on one database, and a world of the same master key to look at it. `more` is what else
 * they find in their environment.
 */
export async function fourNodes(more: Readonly<Record<string, string>> = {}) {
  build()
  const { address } = await testDb({ max: 2 })
  const environment = {
    DATABASE_URL: urlOf(address),
    MASTER_KEY: masterKey,
    RATE_LIMITS: unlimited,
    LOG_LEVEL: 'error',
    DATA_DIR: temporaryDirectory(),
    ...more,
  }
  const { DATA_DIR } = environment // the keyring is there too
  const world = await worldAt(address, { MASTER_KEY: masterKey, PUBLIC_URL: configOf().publicUrl, DATA_DIR })
  const nodes = await Promise.all(Array.from({ length: 4 }, () => startServer(environment)))
  afterAll(() => Promise.all(nodes.map((one) => one.stop())))
  const urls = nodes.map((one) => one.url)
  return {
    address,
    world,
    urls,
    ports: urls.map((url) => Number(new URL(url).port)),
    pids: nodes.map((one) => one.child.pid),
  }
}

/** Four processes of a server made wrong on purpose, on the same database. */
export async function fourNaive(program: string, address: Address): Promise<number[]> {
  const children = Array.from({ length: 4 }, () => start([program, JSON.stringify(address)]))
  afterAll(() => Promise.all(children.map((one) => one.process.kill('SIGKILL') && one.ended)))
  return Promise.all(children.map(async (one) => Number(await one.line((line) => /^\d+$/.test(line)))))
}
