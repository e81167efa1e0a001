import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hasMigration } from '../../drizzle/migrate.ts'
import { openArchive, type Seal } from '../backup/archive.ts'
import { type Contents, load, look, NotEmpty } from '../backup/load.ts'
import { DamagedArchive } from '../backup/sealed.ts'
import { plainly } from '../backup/tables.ts'
import type { Config } from '../env.ts'
import { backupKey } from '../instance.ts'
import { StartFault } from '../lib/fault.ts'
import { missingEpochs } from '../secrets/missing.ts'
import { archiveName } from './backup.ts'
import { withDatabase } from './database.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

type Options = { from: string; yes?: boolean; json?: boolean }

/**
 * `restore`: reads a backup to its end, and with `--yes` loads it into an empty database, wholly or not at all. Without it,
 * a check of the archive: the database is not looked at.
 */
export async function restore(terminal: Terminal, { from, yes, json }: Options): Promise<void> {
  const config = terminal.config()
  const file = await fileOf(from)
  try {
    const archive = await openArchive(file, (seal) => keyOf(config, seal))
    const contents = await look(archive.parts())
    if (!hasMigration(contents.opening.migration))
      throw new CommandFault(
        `This backup was made by another release, ${contents.opening.release}; restore it with that one or a newer one.`,
      )
    const told = summary(file, contents)
    if (!yes) {
      terminal.out(json ? JSON.stringify({ restored: false, ...told }) : sentence(told))
      terminal.err(
        'It is whole, and nothing was restored. To load it into the empty database of these settings, add --yes.',
      )
      return
    }
    await withDatabase(config, { name: 'countersign restore', session: plainly }, async (sql) => {
      await load(sql, contents, archive.parts())
      await sql`analyze`
    })
    // As every start does: what this release migrates beyond the backup, and times that go on where they ended.
    const missing = await withWorld(terminal, ({ db, keyring }) => missingEpochs(db.sql, keyring.read))
    terminal.out(
      json ? JSON.stringify({ restored: true, ...told, missing_keys: missing.length }) : `Restored. ${sentence(told)}`,
    )
    warn(terminal, told.made_at, missing.length)
  } catch (error) {
    if (error instanceof DamagedArchive)
      throw new CommandFault(`${file} is damaged, or no backup of Countersign. Nothing was restored.`)
    if (error instanceof NotEmpty)
      throw new CommandFault(
        'This database holds something already. A backup is only restored into an empty one; nothing was changed.',
      )
    throw error
  }
}

function keyOf(config: Config, seal: Seal): Uint8Array {
  try {
    return backupKey(config, seal)
  } catch (error) {
    // The master key is right, and what it opens was changed.
    throw error instanceof StartFault ? error : new DamagedArchive()
  }
}

/** A file, or the newest archive of a directory. */
async function fileOf(from: string): Promise<string> {
  const place = resolve(from)
  if (!existsSync(place)) throw new CommandFault(`There is no ${place}.`)
  if (!statSync(place).isDirectory()) return place
  const newest = (await readdir(place))
    .filter((name) => archiveName.test(name))
    .sort()
    .at(-1)
  if (newest === undefined) throw new CommandFault(`There is no backup in ${place}.`)
  return join(place, newest)
}

type Summary = { file: string; made_at: string; release: string; tables: number; rows: number }

const summary = (file: string, { opening, ending }: Contents): Summary => ({
  file,
  made_at: opening.at,
  release: opening.release,
  tables: ending.rows.length,
  rows: ending.rows.reduce((sum, { count }) => sum + count, 0),
})

const sentence = ({ file, made_at, release, tables, rows }: Summary) =>
  `${file}: ${rows} rows of ${tables} tables, made ${made_at} by release ${release}.`

function warn(terminal: Terminal, madeAt: string, missing: number): void {
  terminal.err(
    `What happened after ${madeAt} is forgotten: keys and sessions that were ended since work again, and mails that waited are not sent.`,
  )
  if (missing === 0) return
  terminal.err(
    `${missing} ${missing === 1 ? 'key' : 'keys'} of one-time secrets are not in KEYRING_DIR. Is it the directory of the instance? If they were destroyed since, run keyring:forget.`,
  )
}
