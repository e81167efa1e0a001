import type { Fragment } from 'postgres'
import type { EventName, EventPayload } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import { actorRef, type Ctx } from '../context.ts'
import { canonical } from '../lib/canonical.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'

/** An event whose facts are known before the statement. */
export type Fact<Name extends EventName> = {
  name: Name
  projectId: string
  /** `kind:id` of what it is about. */
  target: string
  payload: EventPayload<Name>
}

/** What a row says that the service knows before the statement that writes it, and its HMAC: without the key nobody forges a row. */
export function vouched(ctx: Ctx): { id: string; actor: ActorRef; mac: Uint8Array } {
  const [id, actor] = [newId(), actorRef(ctx.actor)]
  return { id, actor, mac: hmac(ctx.world.keys.audit, canonical([id, actor, ctx.requestId, ctx.ip, ctx.userAgent])) }
}

/** Records what happened, in the commit of what it tells: the row is audit and outbox in one. */
export async function record<Name extends EventName>(sql: Sql, ctx: Ctx, fact: Fact<Name>): Promise<void> {
  const { id, actor, mac } = vouched(ctx)
  await sql`
    insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
    values (${id}, ${fact.projectId}, ${fact.name}, ${sql.json(actor)}, ${fact.target},
      ${sql.json(fact.payload)}, ${ctx.requestId}, ${ctx.ip}, ${ctx.userAgent}, ${mac})`
}

/**
 * The same as a piece of a larger statement, for changes that are one statement: told of each row of `from` (the CTE that
 * made the change), with project, target and payload as SQL over it. One row at most is expected.
 */
export function telling(
  sql: Sql,
  ctx: Ctx,
  event: { name: EventName; target: Fragment; payload: Fragment; from: Fragment },
): Fragment {
  const { id, actor, mac } = vouched(ctx)
  return sql`
    insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
    select ${id}, project_id, ${event.name}, ${sql.json(actor)}::jsonb, ${event.target},
      ${event.payload}, ${ctx.requestId}, ${ctx.ip}, ${ctx.userAgent}, ${mac}
    from ${event.from}`
}
