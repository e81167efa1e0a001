import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import { secretTime, several, waitTime } from './words.ts'

const sharing = `
The secret is read from stdin, from --file, or typed unseen. It is never an argument: those are seen by everybody on
the machine. A line break at its end is not part of it. The link goes to stdout, its receipt to stderr.`

const getting = `
The secret goes to stdout, and is gone then. A terminal is refused it without --reveal. Give - to read the link from
stdin. A passphrase is read from --passphrase-file, from stdin, or typed unseen.

Exit codes: 0 read, 1 error or no such secret, 2 usage or missing environment, 4 expired, 5 read or burned before.`

const releasing = `
Asks signed-in people to release it, waits for their answer, and prints the secret, which this command alone can read,
once. A terminal is refused it without --reveal.

Exit codes: 0 read, 1 error, 2 usage or missing environment, 3 rejected, 4 expired or timed out,
            5 invalidated or locked, 130 interrupted.`

/** Tells the program of `secret share`, `secret get` and `secret release`, which work through the API alone. */
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
  secret
    .command('release')
    .description('ask people for a release-only secret, and read it after their yes')
    .argument('<id>', 'its id, as the list of release-only secrets shows it')
    .option('--info <text>', 'what it is for, as text or Markdown')
    .option('--approver <address or role:…>', 'who may decide; may be given again', (word, before?: string[]) =>
      several(word, before),
    )
    .option('--timeout <time>', 'wait at most so long (10m)', waitTime)
    .option('--key-path <path>', 'the value that the decision sets (release/secret/<id>)')
    .option('--reveal', 'print it even to a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText('after', releasing)
    .action(async (id, options) => (await import('./secret-release.ts')).secretRelease(terminal, id, options))
}
