import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { projectFor } from './webhook.ts'

/** Deletes a webhook with its deliveries. What is being sent to it at this moment may still arrive. */
export const remove: Verb<typeof contract.webhooks.delete> = async (ctx, { webhook_id }) => {
  const { sql } = ctx.world.db
  const { count } = await sql`
    with gone as (
      delete from webhooks where id = ${webhook_id} and project_id = ${projectFor(ctx.actor)}
      returning id, project_id, description
    )
    ${telling(sql, ctx, {
      name: 'webhook.deleted',
      target: sql`'webhook:' || id`,
      payload: sql`jsonb_build_object('webhook_id', id, 'description', description)`,
      from: sql`gone`,
    })}`
  if (count === 0) refuse('NOT_FOUND')
}
