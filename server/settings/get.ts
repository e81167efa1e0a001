import type { contract } from '../../shared/contract/index.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { readSettings } from './settings.ts'

/** What the project's admins decided for all of it. */
export const get: Verb<typeof contract.settings.get> = (ctx) => readSettings(ctx.world.db.sql, liveProjectOf(ctx.actor))
