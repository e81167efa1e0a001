import type { Scope } from '../../shared/scopes.ts'
import { findDetail } from '../agents/detail.ts'
import { makeAgent } from '../agents/making.ts'
import type { Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { listProjects, makeProject } from '../projects/project.ts'
import type { Terminal } from './terminal.ts'
import { change, theProject } from './world.ts'

export type AgentOptions = {
  name: string
  project?: string
  test?: boolean
  description?: string
  scopes?: Scope[]
  json?: boolean
}

/**
 * Seed 2 makes an agent on an instance that was just started and knows no projects: then there is one now. Whoever sets the
 * instance up owns it.
 */
const firstProject = async (sql: Sql, ctx: Ctx) =>
  (await listProjects(sql)).length === 0 ? makeProject(sql, ctx, 'default') : undefined

/** `agent:create`: makes an agent and prints the text of its first key, this once, in the words of seed 2. */
export async function agentCreate(terminal: Terminal, options: AgentOptions): Promise<void> {
  const { made, key, first } = await change(terminal, async (sql, ctx) => {
    const first = options.project === undefined ? await firstProject(sql, ctx) : undefined
    const { id: projectId } = first ?? (await theProject(sql, options.project))
    const wish = { name: options.name, description: options.description ?? '', metadata: {} }
    const keyWish = { env: options.test ? 'test' : 'live', scopes: options.scopes ?? [], expiresAt: null } as const
    const { id, key } = await makeAgent(sql, ctx, projectId, wish, keyWish)
    return { made: await findDetail(sql, projectId, id), key, first }
  })
  if (options.json) return terminal.out(JSON.stringify({ ...made, api_key: key }))
  if (first) terminal.err(`There was no project yet: ${first.name} is made.`)
  terminal.out('Agent created successfully!')
  terminal.out(`API Key: ${key}`)
  terminal.err(`The key is shown once. The agent’s id is ${made?.id}.`)
}
