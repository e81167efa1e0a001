import type { Fragment } from 'postgres'
import type { EventName, EventPayload } from '../../shared/events.ts'
import { actorRef, type Ctx } from '../context.ts'
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

/** Records what happened, in the commit of what it tells: the row is audit and outbox in one. */
export async function record<Name extends EventName>(sql: Sql, ctx: Ctx, fact: Fact<Name>): Promise<void> {
  await sql`
    insert into events (id, project_id, name, actor, target, payload, request_id, ip)
    values (${newId()}, ${fact.projectId}, ${fact.name}, ${sql.json(actorRef(ctx.actor))}, ${fact.target},
      ${sql.json(fact.payload)}, ${ctx.requestId}, ${ctx.ip})`
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
  return sql`
    insert into events (id, project_id, name, actor, target, payload, request_id, ip)
    select ${newId()}, project_id, ${event.name}, ${sql.json(actorRef(ctx.actor))}::jsonb, ${event.target},
      ${event.payload}, ${ctx.requestId}, ${ctx.ip}
    from ${event.from}`
}
