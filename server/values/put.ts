import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import { mayTouch } from '../keys/reach.ts'
import { newId } from '../lib/id.ts'
import type { Verb } from '../verb.ts'
import { present, storing, type ValueRow, versionsIn } from './value.ts'

/** Sets a value (seed 0), with its history and event in one statement. A condition that does not hold changes nothing. */
export const put: Verb<typeof contract.values.put> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  const { sql } = ctx.world.db
  const expected = versionsIn(input.if_match)
  const versions = Array.isArray(expected) ? expected : null
  const mustStand = expected !== undefined
  const mustBeAbsent = input.if_none_match === '*'
  const [row] = await sql<(ValueRow & { value: string; created: boolean })[]>`
    with given as (
      select ${ctx.actor.projectId} as project_id, ${input.key_path} as key_path, ${newId()} as new_id,
        ${input.value} as new_value, ${sql.json(actorRef(ctx.actor))}::jsonb as new_by, null::text as by_approval
    ), allowed as (
      select * from given where not ${mustStand} or exists (
        select 1 from "values" v where v.project_id = given.project_id and v.key_path = given.key_path)
    ), ${storing(
      sql,
      sql`allowed`,
      sql`(${versions}::int[] is null or held.version = any (${versions}::int[]))
        and (not ${mustStand} or held.value is not null) and (not ${mustBeAbsent} or held.value is null)`,
    )}, told as (${telling(sql, ctx, {
      name: 'value.set',
      target: sql`'value:' || key_path`,
      payload: sql`jsonb_build_object('key_path', key_path, 'version', version)`,
      from: sql`stored`,
    })})
    select stored.*, version = 1 or exists (
      select 1 from value_versions before
      where before.project_id = stored.project_id and before.key_path = stored.key_path
        and before.version = stored.version - 1 and before.value is null) as created
    from stored`
  if (!row) return refuse('VERSION_MISMATCH')
  return { ...present(row), created: row.created }
}
