import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { vouched } from '../events/event.ts'
import type { Delivery } from '../outbox/delivery.ts'
import { settle } from '../outbox/settling.ts'
import type { Verb } from '../verb.ts'
import { bodyOf } from './body.ts'
import { post } from './send.ts'
import { findWebhook, projectFor } from './webhook.ts'

/** Less than a request may take. */
const timeoutMs = 7000

/** Sends a test event right now, once, by the way that all events take. The audit row of it has the event's id. */
export const test: Verb<typeof contract.webhooks.test> = async (ctx, { webhook_id }) => {
  const { world, actor } = ctx
  const { sql } = world.db
  const projectId = projectFor(actor)
  const row = (await findWebhook(sql, projectId, webhook_id)) ?? refuse('NOT_FOUND')
  const { id, mac } = vouched(ctx)
  const [target, payload] = [`webhook:${row.id}`, { webhook_id: row.id, description: row.description }]
  const event = { name: 'webhook.test', project_id: projectId, actor: actorRef(actor), target, payload }
  const body = bodyOf({ ...event, at: world.clock.now() }, null)
  const [delivery] = await sql<Delivery[]>`
    with told as (
      insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
      values (${id}, ${projectId}, 'webhook.tested', ${sql.json(actorRef(actor))}, ${target}, ${sql.json(payload)},
        ${ctx.requestId}, ${ctx.ip}, ${ctx.userAgent}, ${mac})
    )
    insert into deliveries (project_id, webhook_id, event_id, event, body, leased_until)
    values (${projectId}, ${row.id}, ${id}, 'webhook.test', ${body}, now() + interval '60 s')
    returning id::float8 as id, project_id, webhook_id, channel_id, event_id, event, body, attempts, earlier`
  if (!delivery) throw new Error('The test could not be put down.')
  const began = performance.now()
  const verdict = await post(world, row, id, body, timeoutMs)
  const ms = Math.round(performance.now() - began)
  await settle(world, delivery, verdict.ok ? verdict : { ...verdict, forGood: true }, ms)
  return {
    event_id: id,
    delivered: verdict.ok,
    status: verdict.status ?? null,
    error: verdict.ok ? null : verdict.code,
    ms,
  }
}
