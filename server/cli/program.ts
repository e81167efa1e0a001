import { Command, CommanderError } from 'commander'
import { loggings, presets, type Transport, transports } from '../../shared/scopes.ts'
import { addAgents } from './agent-commands.ts'
import { addApprove } from './approve-command.ts'
import { addBackups } from './backup-commands.ts'
import { addCode } from './code-command.ts'
import { addRun } from './run-command.ts'
import { addSecret } from './secret-command.ts'
import type { Terminal } from './terminal.ts'
import { addVerify } from './verify-command.ts'
import {
  accountTags,
  addressList,
  emailAddress,
  graceTime,
  keyPathList,
  label,
  lifetime,
  loggingName,
  longLabel,
  presetName,
  projectName,
  transportList,
} from './words.ts'

const usual: Transport[] = ['header', 'basic']
const asJson = ['--json', 'print one JSON value'] as const
const ofProject = ['--project <name or id>', 'the project'] as const

/** The `countersign` command. What a command needs is loaded when it runs, so that `--help` is quick. */
function commands(terminal: Terminal, version: string): Command {
  const program = new Command('countersign').description('A place where scripts meet a human.').version(version)
  program
    .command('serve')
    .description('serve HTTP until SIGTERM or ^C')
    .action(async () => (await import('./serve.ts')).serveUntilStopped(terminal))
  program
    .command('migrate')
    .description('bring the database up to date, and end')
    .option(...asJson)
    .action(async (options) => (await import('./migrate.ts')).migrateOnly(terminal, options))
  program
    .command('doctor')
    .description('look for what is wrong; changes nothing')
    .option(...asJson)
    .action(async (options) => (await import('./doctor.ts')).doctor(terminal, options))
  addApprove(program, terminal)
  addRun(program, terminal)
  addSecret(program, terminal)
  addCode(program, terminal)
  addVerify(program, terminal)
  program
    .command('mcp')
    .description('serve the MCP tools of COUNTERSIGN_API_KEY on stdin and stdout, by the API of COUNTERSIGN_URL')
    .action(async () => (await import('./mcp.ts')).mcpOverStdio(terminal))
  program
    .command('env')
    .description('print the environment variables as a Markdown table')
    .action(async () => terminal.out((await import('../env-table.ts')).envTable()))
  program
    .command('openapi')
    .description('print the API as an OpenAPI document')
    .action(async () => terminal.out((await import('../http/openapi.ts')).openapiText()))
  program
    .command('setup:link')
    .description('make the set-up link anew, while nobody runs the instance')
    .option(...asJson)
    .action(async (options) => (await import('./links.ts')).setupLink(terminal, options))
  program
    .command('password:link')
    .description('make a link to a new password, where no mail is sent')
    .requiredOption('--email <address>', 'whose', emailAddress)
    .option(...asJson)
    .action(async (options) => (await import('./links.ts')).passwordLink(terminal, options))
  program
    .command('project:create')
    .description('make a project')
    .requiredOption('--name <name>', 'its name', projectName)
    .option(...asJson)
    .action(async (options) => (await import('./project-create.ts')).projectCreate(terminal, options))
  program
    .command('key:create')
    .description('make an API key; its text is shown once')
    .requiredOption(...ofProject)
    .requiredOption('--preset <preset>', `what it may do: ${Object.keys(presets).join(', ')}`, presetName)
    .option('--name <name>', 'its name, for people', label)
    .option('--description <text>', 'what it is for', longLabel)
    .option('--transports <list>', `ways it may arrive: ${transports.join(',')}`, transportList, usual)
    .option('--key-paths <list>', 'the only key paths it may touch, as deploy/,release/', keyPathList)
    .option('--account-tag <tag>', 'the only TOTP accounts it may use without a grant; may be repeated', accountTags)
    .option('--ip-allowlist <list>', 'the only addresses and networks it may come from', addressList)
    .option('--logging <which>', `bodies that the access log keeps for a day: ${loggings.join(', ')}`, loggingName)
    .option('--expires-in <time>', 'its lifetime, as 90d, 12h or 30m', lifetime)
    .option(...asJson)
    .action(async (options) => (await import('./key-create.ts')).keyCreate(terminal, options))
  program
    .command('key:list')
    .description('list the API keys of a project')
    .requiredOption(...ofProject)
    .option(...asJson)
    .action(async (options) => (await import('./key-list.ts')).keyList(terminal, options))
  program
    .command('key:rotate')
    .description('make a key like this one with a new text, shown once; the old one ends after its grace time')
    .requiredOption(...ofProject)
    .requiredOption('--id <id>', 'the id of the key')
    .option('--grace <time>', 'how long the old one works on, 0s to 7d', graceTime, 86_400)
    .option(...asJson)
    .action(async (options) => (await import('./key-rotate.ts')).keyRotate(terminal, options))
  program
    .command('key:revoke')
    .description('end an API key for good')
    .requiredOption(...ofProject)
    .requiredOption('--id <id>', 'the id of the key')
    .option(...asJson)
    .action(async (options) => (await import('./key-revoke.ts')).keyRevoke(terminal, options))
  addAgents(program, terminal)
  addBackups(program, terminal, version)
  program
    .command('rotate-master-key')
    .description('make MASTER_KEY the key of this database, in place of one in PREVIOUS_MASTER_KEYS or master.key')
    .option(...asJson)
    .action(async (options) => (await import('./rotate-master-key.ts')).rotateMasterKey(terminal, options))
  program
    .command('rotate-signing-key')
    .description('sign receipts by a new key from now on; those from before stay valid')
    .option(...asJson)
    .action(async (options) => (await import('./rotate-signing-key.ts')).rotateReceiptKey(terminal, options))
  program
    .command('keyring:forget')
    .description('give up keys of one-time secrets that are lost for good, and burn what nobody can open without them')
    .option(...asJson)
    .action(async (options) => (await import('./keyring-forget.ts')).keyringForget(terminal, options))
  program
    .command('audit:verify')
    .description('prove that no audit entry was changed, deleted or put in; exit code 1 when one was')
    .option('--project <name or id>', 'one project only')
    .option('--head <file or json>', 'a head that you kept, from GET /v1/audit/head')
    .option(...asJson)
    .action(async (options) => (await import('./audit-verify.ts')).auditVerify(terminal, options))
  return program
}

/** Runs one command line. @returns 0, or 2 when it was not understood; what a command throws is the caller's. */
export async function runCommand(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const program = commands(terminal, version)
  const line = (write: (line: string) => void) => (text: string) => write(text.replace(/\n$/, ''))
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command.exitOverride().configureOutput({ writeOut: line(terminal.out), writeErr: line(terminal.err) })
    command.allowExcessArguments(false).showSuggestionAfterError()
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
}
