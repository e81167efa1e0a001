import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

const more = `
Asks no server when --jwks is a file or JSON, or COUNTERSIGN_JWKS names one. Without either the keys are fetched from
COUNTERSIGN_URL, which proves only that this server signed it. Whether the receipt was used already, only the
server knows: POST /v1/approvals/{approval_id}/receipt/consume.
  countersign verify receipt.jws --jwks jwks.json
  curl -s "$URL/v1/approvals/$ID/receipt" … | jq -r .receipt | countersign verify - --jwks jwks.json

Exit codes: 0 it is proven, 1 it is not, 2 usage.`

/** Tells the program of `verify`, which needs neither a database nor an API key. */
export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .description('check the receipt of a decision, offline; exit code 1 when it proves nothing')
    .argument('<receipt>', 'the receipt, a file that holds it, or - for stdin')
    .option('--jwks <file, url or json>', 'the public keys, as /.well-known/jwks.json answers them')
    .option('--approval <id>', 'it must be of this approval or permission request')
    .option('--action-hash <hash>', 'it must be of a decision about exactly this')
    .option('--project <id>', 'it must be of this project')
    .option('--json', 'print one JSON value')
    .addHelpText('after', more)
    .action(async (receipt, options) => (await import('./verify.ts')).verify(terminal, receipt, options))
}
