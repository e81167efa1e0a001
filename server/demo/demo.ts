import { hasProjects } from '../projects/project.ts'
import type { World } from '../world.ts'

/** Whether the demo is offered: as `DEMO` says, else while nobody has made a project, so that no instance in use serves strangers unasked. */
export const isOffered = async ({ config, db }: World): Promise<boolean> => config.demo ?? !(await hasProjects(db.sql))
