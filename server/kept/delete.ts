import type { contract } from '../../shared/contract/index.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { noSuchKept } from './kept.ts'

/** Deletes a release-only secret with its text, for good. */
export const remove: Verb<typeof contract.kept.delete> = async (ctx, { kept_id: id }) => {
  const { sql } = ctx.world.db
  const [gone] = await sql`
    with gone as (
      delete from kept_secrets where id = ${id} and project_id = ${ctx.actor.projectId} returning id, project_id, name
    ), told as (${telling(sql, ctx, {
      name: 'kept.deleted',
      target: sql`'secret:' || id`,
      payload: sql`jsonb_build_object('kept_id', id, 'name', name)`,
      from: sql`gone`,
    })})
    select id from gone`
  if (!gone) noSuchKept()
}
