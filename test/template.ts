import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../drizzle/migrate.ts'
import { type Address, connect, inDatabase } from '../server/lib/driver/connect.ts'
import { startEmbedded } from '../server/lib/embedded/index.ts'

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: vitest's own interface is extended, which a type cannot do
  export interface ProvidedContext {
    /** The server of this run, at the database to give orders from, and the migrated database to copy. */
    server: Address
    template: string
  }
}

/** Once per run: a server (or TEST_DATABASE_URL, whose user may create databases) and a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, release } = await serverOf(process.env.TEST_DATABASE_URL)
  const template = `countersign_template_${process.pid}`
  await command(address, `create database ${template}`)
  await migrate(inDatabase(address, template))
  project.provide('server', address)
  project.provide('template', template)
  return async () => {
    await command(address, `drop database ${template} with (force)`)
    await release()
  }
}

async function serverOf(url: string | undefined): Promise<{ address: Address; release(): Promise<void> }> {
  if (url) return { address: url, release: async () => {} }
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  // Root's server runs as another account.
  chmodSync(dataDir, 0o755)
  const { address, release } = await startEmbedded({ dataDir, log: () => {} })
  return {
    address,
    async release() {
      await release()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function command(address: Address, text: string): Promise<void> {
  const sql = connect(address, { max: 1, name: 'countersign tests' })
  await sql.unsafe(text)
  await sql.end({ timeout: 5 })
}
