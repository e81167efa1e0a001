import type { Head } from '../audit/chain.ts'
import type { ToldEvent } from '../outbox/told.ts'

type Told = Omit<ToldEvent, 'name'> & { name: string }

/**
 * What a receiver is told of an event, in the shape of Standard Webhooks. Payloads hold no value, PIN, link or key. With the
 * newest signed head of the audit log the receiver holds a witness of everything before it.
 */
export const bodyOf = (event: Omit<Told, 'id'>, head: Head | null): string =>
  JSON.stringify({
    type: event.name,
    timestamp: event.at.toISOString(),
    data: { ...event.payload, project_id: event.project_id, target: event.target, actor: event.actor },
    audit_head: head,
  })
