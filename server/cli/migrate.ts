import type { Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

/** `migrate`: brings the database up to date, as every start does, and ends. */
export async function migrateOnly(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  await withWorld(terminal, async () => undefined)
  terminal.out(json ? JSON.stringify({ migrated: true }) : 'The database is up to date.')
}
