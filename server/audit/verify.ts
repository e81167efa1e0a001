import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { headsDir, keptHeads } from './heads.ts'
import { proveNow } from './proof.ts'

/** Walks the whole chain of the project, with the heads that this node keeps. */
export const verify: Verb<typeof contract.audit.verify> = async ({ world, actor }) =>
  proveNow(world.db.sql, world.keys, actor.projectId, await keptHeads(headsDir(world.config), actor.projectId))
