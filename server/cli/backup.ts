import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { writeArchive } from '../backup/archive.ts'
import { inSnapshot, Migrating } from '../backup/dump.ts'
import { plainly } from '../backup/tables.ts'
import type { Config } from '../env.ts'
import { backupKey } from '../instance.ts'
import { syncDirectory } from '../lib/durable.ts'
import { withDatabase } from './database.ts'
import { CommandFault, type Terminal } from './terminal.ts'

type Options = { to: string; keep?: number; json?: boolean }

/** Names that this command gives, in the order of their times; nothing else in a directory is ever removed. */
export const archiveName = /^countersign-\d{8}T\d{6}Z\.backup$/

/**
 * `backup`: everything in the database as it is at one moment, in one sealed file. Beside a running server or alone; the
 * database is neither migrated nor changed. The keyring and the master key are not in it.
 */
export async function backup(terminal: Terminal, { to, keep, json }: Options, release: string): Promise<void> {
  const place = resolve(to)
  const isDirectory = to.endsWith('/') || (await stat(place).catch(() => undefined))?.isDirectory() === true
  if (keep !== undefined && !isDirectory) throw new CommandFault('--keep needs a directory that is there as --to.', 2)
  const file = isDirectory ? join(place, nameOf(new Date())) : place
  if (existsSync(file)) throw new CommandFault(`${file} is there already; nothing is written over.`)
  if (!existsSync(dirname(file))) throw new CommandFault(`There is no directory ${dirname(file)}.`)
  const leave = new AbortController()
  const unhear = terminal.onSignal(() => leave.abort())
  try {
    const rows = await writeWhole(terminal.config(), file, release, leave.signal)
    const bytes = (await stat(file)).size
    const removed = keep === undefined ? [] : await removeOlder(place, keep)
    if (json) terminal.out(JSON.stringify({ file, bytes, rows, removed }))
    else terminal.out(`${file}: ${rows} rows, ${bytes} bytes.`)
    if (!json && removed.length > 0) terminal.out(`Removed: ${removed.join(', ')}.`)
    terminal.err(
      'Neither the master key nor the keyring is in it. Keep the master key elsewhere: without it nobody opens this file.',
    )
  } finally {
    unhear()
  }
}

const nameOf = (now: Date) => `countersign-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.backup`

/** Under another name until it is whole: no file under its own name is ever half a backup. */
async function writeWhole(config: Config, file: string, release: string, signal: AbortSignal): Promise<number> {
  const draft = `${file}.${process.pid}.partial`
  let rows = 0
  try {
    const done = await withDatabase(config, { name: 'countersign backup', session: plainly }, (sql) =>
      inSnapshot(sql, release, async (seal, parts) => {
        const counted = async function* () {
          for await (const part of parts) {
            if (part.kind === 'ending') rows = part.rows.reduce((sum, { count }) => sum + count, 0)
            yield part
          }
        }
        await writeArchive(draft, { seal, key: backupKey(config, seal), parts: counted(), signal })
        return true
      }),
    )
    if (!done) throw new CommandFault('There is nothing to back up: this database was never used.')
    await rename(draft, file)
    syncDirectory(dirname(file))
    return rows
  } catch (error) {
    await rm(draft, { force: true })
    throw sentenceOf(error, signal)
  }
}

function sentenceOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new CommandFault('Stopped; nothing was written.', 130)
  if (error instanceof Migrating) return new CommandFault('The database is being migrated; try again.')
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CommandFault('The disk is full; nothing was written.')
  if (code === 'EACCES' || code === 'EROFS') return new CommandFault('This account may not write there.')
  return error
}

/** Removes all but the newest of the archives that this command named. @returns the names of what went */
async function removeOlder(directory: string, keep: number): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => archiveName.test(name)).sort()
  const gone = names.slice(0, Math.max(0, names.length - keep))
  for (const name of gone) await rm(join(directory, name))
  return gone
}
