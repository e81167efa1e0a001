import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'

/** A project marks at most so many paths: each read of a key asks whether one of them is above its own. */
const most = 200

/** Marks a path "only by approval", with all below it; what is marked already is not told of again. */
export const guard: Verb<typeof contract.values.guard> = (ctx, { key_path }) =>
  atomically(ctx.world.db.sql, async (tx) => {
    const { projectId } = ctx.actor
    // Their number is a rule over several rows.
    await tx`select 1 from projects where id = ${projectId} for no key update`
    const there = await tx<{ key_path: string }[]>`select key_path from guarded_paths where project_id = ${projectId}`
    if (there.some((one) => one.key_path === key_path)) return
    if (there.length >= most) refuse('TOO_MANY_GUARDS')
    await tx`
      insert into guarded_paths (project_id, key_path, created_by)
      values (${projectId}, ${key_path}, ${tx.json(actorRef(ctx.actor))})`
    await record(tx, ctx, { name: 'value.guarded', projectId, target: `value:${key_path}`, payload: { key_path } })
  })
