import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import { secretTime } from './words.ts'

const sharing = `
The secret is read from stdin, from --file, or typed unseen. It is never an argument: those are seen by everybody on
the machine. A line break at its end is not part of it. The link goes to stdout, its receipt to stderr.`

const getting = `
The secret goes to stdout, and is gone then. A terminal is refused it without --reveal. Give - to read the link from
stdin. A passphrase is read from --passphrase-file, from stdin, or typed unseen.

Exit codes: 0 read, 1 error or no such secret, 2 usage or missing environment, 4 expired, 5 read or burned before.`

/** Tells the program of `secret share` and `secret get`, which work through the API alone. */
export function addSecret(program: Command, terminal: Terminal): void {
  const secret = program.command('secret').description('hand over a secret that is read once')
  secret
    .command('share')
    .description('store a secret, and print the link that reads it once')
    .option('--file <path>', 'the secret is the text of this file')
    .option('--ttl <time>', 'how long it may be read, 60s to 30d (7d)', secretTime)
    .option('--passphrase-file <path>', 'who reads it must know the text of this file')
    .option('--passphrase', 'who reads it must know what is typed here, unseen')
    .option('--recipient <address>', 'have the link mailed to this address')
    .option('--memo <text>', 'a name for it in lists')
    .option('--json', 'print one JSON object')
    .addHelpText('after', sharing)
    .action(async (options) => (await import('./secret-share.ts')).secretShare(terminal, options))
  secret
    .command('get')
    .description('read a secret, which uses its link up')
    .argument('<link>', 'the link, its last part, or - for stdin')
    .option('--passphrase-file <path>', 'the passphrase is the text of this file')
    .option('--reveal', 'print it even to a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText('after', getting)
    .action(async (link, options) => (await import('./secret-get.ts')).secretGet(terminal, link, options))
}
