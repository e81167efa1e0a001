import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import { mayTouch } from '../keys/reach.ts'
import type { Verb } from '../verb.ts'
import { isPresent, readValue, versionsIn } from './value.ts'

/** Deletes a value; its row stays without text, so that versions go on from here. */
export const remove: Verb<typeof contract.values.delete> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  const { sql } = ctx.world.db
  const expected = versionsIn(input.if_match)
  const versions = Array.isArray(expected) ? expected : null
  const [gone] = await sql`
    with stored as (
      update "values" set value = null, version = version + 1, updated_at = now(),
        updated_by = ${sql.json(actorRef(ctx.actor))}::jsonb
      where project_id = ${ctx.actor.projectId} and key_path = ${input.key_path} and value is not null
        and (${versions}::int[] is null or version = any (${versions}::int[]))
      returning project_id, key_path, version, updated_at, updated_by
    ), kept as (
      insert into value_versions (project_id, key_path, version, value, at, by)
      select project_id, key_path, version, null, updated_at, updated_by from stored
    ), told as (${telling(sql, ctx, {
      name: 'value.deleted',
      target: sql`'value:' || key_path`,
      payload: sql`jsonb_build_object('key_path', key_path, 'version', version)`,
      from: sql`stored`,
    })})
    select version from stored`
  if (gone) return
  const left = await readValue(ctx.world)({ projectId: ctx.actor.projectId, keyPath: input.key_path })
  return refuse(isPresent(left) ? 'VERSION_MISMATCH' : 'NOT_FOUND')
}
