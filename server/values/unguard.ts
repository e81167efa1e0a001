import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'

/** Takes a mark away. */
export const unguard: Verb<typeof contract.values.unguard> = async (ctx, { key_path }) => {
  const { sql } = ctx.world.db
  const [gone] = await sql`
    with gone as (
      delete from guarded_paths where project_id = ${ctx.actor.projectId} and key_path = ${key_path}
      returning project_id, key_path
    ), told as (${telling(sql, ctx, {
      name: 'value.unguarded',
      target: sql`'value:' || key_path`,
      payload: sql`jsonb_build_object('key_path', key_path)`,
      from: sql`gone`,
    })})
    select key_path from gone`
  if (!gone) refuse('NOT_FOUND', { sentence: `${key_path} is not marked "only by approval".` })
}
