import type { Fragment } from 'postgres'
import type { EventName, EventPayload } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import { actorRef, type Ctx } from '../context.ts'
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

/** The key that one row is vouched for with. It is derived, so that who holds the row does not hold the key. */
export const vouchKey = (auditKey: Uint8Array, id: string): Buffer => hmac(auditKey, id)

/**
 * What a row says that the service knows before the statement that writes it. In `mac` it brings a key of its own; the
 * database hashes all that the row says under it, also what only the statement knew, and keeps the hash in the key's place
 * (trigger `events_vouch`). So nobody forges a row or changes one later, sealed or not.
 */
export function vouched(ctx: Ctx): { id: string; actor: ActorRef; mac: Uint8Array } {
  const id = newId()
  return { id, actor: actorRef(ctx.actor), mac: vouchKey(ctx.world.keys.audit, id) }
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

/** The same for a change of several rows, at most `most` of them, each of which is told of in a row of its own. */
export function tellingEach(
  sql: Sql,
  ctx: Ctx,
  most: number,
  event: { name: EventName; target: Fragment; payload: Fragment; from: Fragment },
): Fragment {
  const rows = Array.from({ length: most }, () => vouched(ctx))
  const macs = rows.map(({ mac }) => Buffer.from(mac).toString('hex'))
  return sql`
    insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
    select fresh_id, project_id, ${event.name}, ${sql.json(actorRef(ctx.actor))}::jsonb, ${event.target},
      ${event.payload}, ${ctx.requestId}, ${ctx.ip}, ${ctx.userAgent}, decode(fresh_mac, 'hex')
    from (select *, row_number() over () as place from ${event.from}) as changed
    join unnest(${rows.map(({ id }) => id)}::text[], ${macs}::text[]) with ordinality as fresh (fresh_id, fresh_mac, place)
      using (place)`
}
