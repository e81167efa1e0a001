import { type Command, InvalidArgumentError, Option } from 'commander'
import { jsonOf, withWish } from './approve-command.ts'
import type { RunOptions } from './run.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { waitTime } from './words.ts'

/** The name of an environment variable. */
function variableName(word: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) return word
  throw new InvalidArgumentError('It is the name of an environment variable.')
}

function useCount(word: string): number {
  const count = Number(word)
  if (/^\d+$/.test(word) && count >= 1 && count <= 100) return count
  throw new InvalidArgumentError('It is a number from 1 to 100.')
}

const more = `
Needs COUNTERSIGN_URL and COUNTERSIGN_API_KEY (each also as …_FILE) and nothing else of the server.
  countersign run --key deploy/prod --info "Deploy v2.1.0" -- ./deploy.sh v2.1.0
  countersign run --action email.send --scope '{"to": ["ana@example.com"]}' -- ./send.sh     with an agent's key

The command runs without a shell, after a yes and after nothing else: the answer is read once more, it must be to what
was asked (action_hash), and its signed receipt must be proven; that of an approval is used up, so one yes runs one
command. The keys are those of --jwks or COUNTERSIGN_JWKS, else the server's own from before it was asked: with pinned
keys and --project nobody in between can make up a yes. Of a permission the token is used once before, and is kept from the command. When less
was allowed than was asked, nothing runs unless --scope-env tells the command. Interrupted or timed out, the request
is withdrawn. Stdin, stdout and signals are the command's; all that is said here goes to stderr.

Exit codes: that of the command once it ran (128 and more: ended by a signal). Before: 1 error, 2 usage or missing
            environment, 3 rejected or denied, 4 expired or timed out, 5 invalidated, locked or revoked,
            126 or 127 no such command, 130 interrupted.`

/** `--key` or `--action`, and with each only what it takes. */
function mustFit(options: RunOptions): void {
  if ((options.key === undefined) === (options.action === undefined))
    throw new CommandFault('Say what to ask: --key <key_path> for an approval, or --action <name> for a permission.', 2)
  const foreign: (keyof RunOptions)[] =
    options.key === undefined
      ? [
          'refId',
          'payload',
          'pin',
          'matchNumber',
          'comment',
          'signedIn',
          'approver',
          'approvers',
          'passkey',
          'showCommand',
        ]
      : ['resource', 'scope', 'context', 'uses', 'tokenEnv', 'scopeEnv']
  const [wrong] = foreign.filter((name) => options[name] !== undefined)
  if (wrong === undefined) return
  const spelled = wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new CommandFault(`--${spelled} does not go with --${options.key === undefined ? 'action' : 'key'}.`, 2)
}

/** Tells the program of `run`, which works through the API alone. */
export function addRun(program: Command, terminal: Terminal): void {
  withWish(
    program
      .command('run')
      .usage('--key <key_path> | --action <name> [options] -- <command> [arguments]')
      .description('ask a person, and run a command only on their yes')
      .argument('<command...>', 'what to run; after --'),
  )
    .option('--key <key_path>', 'ask for an approval; the decision sets this value')
    .option('--show-command', 'show the command to the approver, and bind the decision to it')
    .option('--action <name>', 'ask an agent’s permission for this, as email.send')
    .option('--resource <name>', 'to what it is done, as mailbox:support')
    .option('--scope <json>', 'exactly what is asked for', jsonOf)
    .option('--context <json>', 'why it is asked', jsonOf)
    .option('--uses <count>', 'how often the token may be used; here it is used once', useCount)
    .option('--token-env <name>', 'give the command the token in this variable', variableName)
    .option('--scope-env <name>', 'give the command what was allowed, as JSON, in this variable', variableName)
    .addOption(new Option('--timeout <time>', 'wait at most so long (10m; a permission 5m)').argParser(waitTime))
    .option('--jwks <file, url or json>', 'the only keys that the receipt may be signed by (COUNTERSIGN_JWKS)')
    .option('--project <id>', 'the only project that the receipt may be of (COUNTERSIGN_PROJECT)')
    .option('--json', 'print the answer as one JSON object, on stderr')
    .addHelpText('after', more)
    .action(async (command, options) => {
      mustFit(options)
      await (await import('./run.ts')).run(terminal, command, options)
    })
}
