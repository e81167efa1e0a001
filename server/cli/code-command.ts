import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import { several, waitTime } from './words.ts'

const more = `
Needs COUNTERSIGN_URL and COUNTERSIGN_API_KEY, a key that may use the account. Only the code goes to stdout.
Of an account that is marked "only by approval" a code comes with --ask: signed-in people decide in the dashboard.

Exit codes: 0 printed, 1 error, 2 usage or missing environment, or several accounts of that name,
            3 rejected, 4 expired or timed out, 5 invalidated or locked, 130 interrupted.`

/** Tells the program of `code`, which works through the API alone. */
export function addCode(program: Command, terminal: Terminal): void {
  program
    .command('code')
    .description('print the current code of a shared TOTP account')
    .argument('<account>', 'its id, or its name or issuer if only one has it')
    .option('--wait-fresh', 'wait for the next code when this one ends within 5 s')
    .option('--ask', 'ask people to release a code, and wait for their answer')
    .option('--info <text>', 'with --ask: what it is for, as text or Markdown')
    .option(
      '--approver <address or role:…>',
      'with --ask: who may decide; may be given again',
      (word, before?: string[]) => several(word, before),
    )
    .option('--timeout <time>', 'with --ask: wait at most so long (10m)', waitTime)
    .option('--key-path <path>', 'with --ask: the value that the decision sets (release/code/<id>)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', more)
    .action(async (account, options) => (await import('./code.ts')).code(terminal, account, options))
}
