import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'

/** Ends an ask that nobody has answered: its link asks for nothing any more. */
export const cancel: Verb<typeof contract.asks.cancel> = async (ctx, { ask_id }) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const { count } = await sql`
    with cancelled as (
      update asks set status = 'cancelled', ended_at = clock_timestamp()
      where id = ${ask_id} and project_id = ${projectId} and status = 'open' and expires_at > clock_timestamp()
      returning id, project_id, title
    ), told as (${telling(sql, ctx, {
      name: 'ask.cancelled',
      target: sql`'ask:' || id`,
      payload: sql`jsonb_build_object('ask_id', id, 'title', title)`,
      from: sql`cancelled`,
    })})
    select 1 from cancelled`
  if (count > 0) return
  const [ask] = await sql`select 1 from asks where id = ${ask_id} and project_id = ${projectId}`
  refuse(ask ? 'ASK_ENDED' : 'NOT_FOUND')
}
