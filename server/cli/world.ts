import { pino } from 'pino'
import { type Ctx, type SystemActor, systemCtx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { openLog } from '../lib/log.ts'
import { findProject, listProjects, type Project } from '../projects/project.ts'
import { openWorld, type World } from '../world.ts'
import { CommandFault, type Terminal } from './terminal.ts'

/**
 * Opens the same world as the server, beside a running one or alone (then the embedded database is started and stopped
 * again), and closes it whatever happens. What it logs goes to stderr.
 */
export async function withWorld<Answer>(
  terminal: Terminal,
  work: (world: World) => Promise<Answer>,
  config = terminal.config(),
): Promise<Answer> {
  const log = openLog(config.logLevel === 'silent' ? 'silent' : 'warn', pino.destination({ dest: 2, sync: true }))
  const world = await openWorld({ config, log })
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

/** One transaction by the command line, so that a change and its event are one commit. */
export async function change<Answer>(
  terminal: Terminal,
  work: (sql: Sql, ctx: Ctx<SystemActor>) => Promise<Answer>,
): Promise<Answer> {
  return withWorld(terminal, async (world) => {
    // A transaction's client is a client but for what opens new connections, which no noun does.
    const answer = await world.db.sql.begin((tx) => work(tx as unknown as Sql, systemCtx(world, 'command line')))
    return answer as Answer // begin() wraps the type for arrays of queries, which this is not
  })
}

/** The project that a command names by name or id. */
export async function projectNamed(sql: Sql, nameOrId: string): Promise<Project> {
  const project = await findProject(sql, nameOrId)
  if (!project) throw new CommandFault(`There is no project ${nameOrId}; project:create --name makes one.`)
  return project
}

/** The project that a command names, or the only one there is (seed 2's commands name none). */
export async function theProject(sql: Sql, nameOrId: string | undefined): Promise<Project> {
  if (nameOrId !== undefined) return projectNamed(sql, nameOrId)
  const [only, ...more] = await listProjects(sql)
  if (!only) throw new CommandFault('There is no project yet; project:create --name makes one.')
  if (more.length > 0)
    throw new CommandFault(`There is more than one project: say which with --project, as ${only.name}.`, 2)
  return only
}
