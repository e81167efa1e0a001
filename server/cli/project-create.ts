import { makeProject } from '../projects/project.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { change } from './world.ts'

/** `project:create`: makes a project; its name must be free. */
export async function projectCreate(terminal: Terminal, options: { name: string; json?: boolean }): Promise<void> {
  const made = await change(terminal, (sql, ctx) => makeProject(sql, ctx, options.name))
  if (!made) throw new CommandFault(`There is already a project named ${options.name}.`)
  terminal.out(options.json ? JSON.stringify(made) : `Project ${made.name} is made; its id is ${made.id}.`)
}
