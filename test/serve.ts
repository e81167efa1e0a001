import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { type Config, readEnv } from '../server/env.ts'
import type { Address } from '../server/lib/driver/connect.ts'
import { openLog } from '../server/lib/log.ts'
import { type Service, serve as start } from '../server/serve.ts'
import { openWorld, type World, type WorldOptions } from '../server/world.ts'
import { testDb } from './db.ts'
import { freePort } from './port.ts'

/** Limits so high that only tests of limits meet them. */
const unlimited = '*=1000000/60'

const dirs = new Map<string, string>()
process.once('exit', () => {
  for (const dir of dirs.values()) rmSync(dir, { recursive: true, force: true })
})

/** What servers of this file write beside their database. Some files share a process, and none may see another's. */
function dataDir(): string {
  const file = expect.getState().testPath ?? ''
  const dir = dirs.get(file) ?? mkdtempSync(join(tmpdir(), 'countersign-test-data-'))
  dirs.set(file, dir)
  return dir
}

/** A configuration as a test wants it: variables of the environment by name. */
export const configOf = (variables: Record<string, string | undefined> = {}): Config =>
  readEnv(
    {
      DATA_DIR: dataDir(),
      MASTER_KEY: '0f'.repeat(32),
      RATE_LIMITS: unlimited,
      LOG_LEVEL: 'silent',
      DEMO: 'on',
      ...variables,
    },
    () => '',
  )

/** A world on a database of its own, without any door; closed when the file ends. */
export async function testWorld(
  variables: Record<string, string | undefined> = {},
  options: Partial<WorldOptions> = {},
): Promise<World> {
  const { address } = await testDb({ max: 2 })
  return worldAt(address, variables, options)
}

/** One more world, as another node, on a database that is there already. */
export async function worldAt(
  address: Address,
  variables: Record<string, string | undefined> = {},
  options: Partial<WorldOptions> = {},
): Promise<World> {
  const config = configOf(variables)
  const world = await openWorld({ config, log: openLog(config.logLevel), address, ...options })
  let closed = false
  const close = async () => {
    if (!closed) await world.close()
    closed = true
  }
  afterAll(close)
  return { ...world, close }
}

/** The whole service in this process on a database and a port of its own; closed when the file ends. */
export async function serve(
  variables: Record<string, string | undefined> = {},
  options: Partial<WorldOptions> = {},
): Promise<Service> {
  const address = options.address ?? (await testDb({ max: 2 })).address
  const port = await freePort()
  const config = configOf({ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, ...variables })
  const service = await start(config, options.log ?? openLog(config.logLevel), { address, ...options })
  let closed = false
  const close = async () => {
    if (!closed) await service.close()
    closed = true
  }
  afterAll(close)
  return { ...service, close }
}
