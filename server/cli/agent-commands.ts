import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import { agentName, longLabel, scopeList } from './words.ts'

const asJson = ['--json', 'print one JSON value'] as const
const ofProject = ['--project <name or id>', 'the project, where there is more than one'] as const

/** Tells the program of seed 2's three commands. */
export function addAgents(program: Command, terminal: Terminal): void {
  program
    .command('agent:create')
    .description('make an agent and its first key, whose text is shown once')
    .requiredOption('--name <name>', 'its name, for people', agentName)
    .option(...ofProject)
    .option('--test', 'make a test key: all it asks is allowed, and nobody is asked')
    .option('--description <text>', 'what it does, for whoever is asked', longLabel)
    .option('--scopes <list>', 'what it may do beside asking, as accounts:codes,values:read', scopeList)
    .option(...asJson)
    .action(async (options) => (await import('./agent-create.ts')).agentCreate(terminal, options))
  program
    .command('agent:list')
    .description('list the agents of a project with their keys')
    .option(...ofProject)
    .option(...asJson)
    .action(async (options) => (await import('./agent-list.ts')).agentList(terminal, options))
  program
    .command('agent:revoke')
    .description('end the keys of an agent for good, and withdraw what it asks')
    .requiredOption('--id <id>', 'the id of the agent')
    .option('--key-id <id>', 'one key only')
    .option(...ofProject)
    .option(...asJson)
    .action(async (options) => (await import('./agent-revoke.ts')).agentRevoke(terminal, options))
}
