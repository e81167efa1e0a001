import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import { fewest } from './words.ts'

const asJson = ['--json', 'print one JSON value'] as const

/** Tells the program of the two commands around backups. */
export function addBackups(program: Command, terminal: Terminal, release: string): void {
  program
    .command('backup')
    .description('write everything in the database into one sealed file, also beside a running server')
    .requiredOption('--to <file or directory>', 'where; in a directory it is named by its time')
    .option('--keep <count>', 'remove all but so many of the backups in that directory, once this one is whole', fewest)
    .option(...asJson)
    .action(async (options) => (await import('./backup.ts')).backup(terminal, options, release))
  program
    .command('restore')
    .description('check a backup; with --yes load it into an empty database, wholly or not at all')
    .requiredOption('--from <file or directory>', 'the backup; of a directory the newest in it')
    .option('--yes', 'load it')
    .option(...asJson)
    .action(async (options) => (await import('./restore.ts')).restore(terminal, options))
}
