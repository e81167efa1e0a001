import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

const more = `
Needs COUNTERSIGN_URL and COUNTERSIGN_API_KEY, a key that may use the account. Only the code goes to stdout.

Exit codes: 0 printed, 1 error, 2 usage or missing environment, or several accounts of that name.`

/** Tells the program of `code`, which works through the API alone. */
export function addCode(program: Command, terminal: Terminal): void {
  program
    .command('code')
    .description('print the current code of a shared TOTP account')
    .argument('<account>', 'its id, or its name or issuer if only one has it')
    .option('--wait-fresh', 'wait for the next code when this one ends within 5 s')
    .option('--json', 'print one JSON object')
    .addHelpText('after', more)
    .action(async (account, options) => (await import('./code.ts')).code(terminal, account, options))
}
