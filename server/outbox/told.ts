import type { EventName } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Delivery } from './delivery.ts'

/** An event as receivers are told of it: not from where, nor by which request. */
export type ToldEvent = {
  id: string
  project_id: string
  name: EventName
  actor: ActorRef
  target: string
  payload: Record<string, unknown>
  at: Date
}

/** The event that a delivery tells of; undefined once retention has dropped it. */
export async function eventOf(
  sql: Sql,
  { event_id, project_id }: Pick<Delivery, 'event_id' | 'project_id'>,
): Promise<ToldEvent | undefined> {
  const [event] = await sql<ToldEvent[]>`
    select id, project_id, name, actor, target, payload, at from events
    where id = ${event_id} and project_id = ${project_id}`
  return event
}
