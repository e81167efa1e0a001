import { z } from 'zod'
import { type Delivery, placeOf } from '../outbox/delivery.ts'
import type { World } from '../world.ts'
import type { ChannelRow } from './channel.ts'
import { openReference, sealReference } from './sealing.ts'

/** How Discord answers a message with `?wait=true`: its id is all that is read. */
const answered = z.object({ id: z.string().regex(/^\d{5,25}$/) })

/** What a service calls the message that it just took; undefined where it says nothing of the kind. */
export function nameIn(kind: ChannelRow['kind'], body: string): string | undefined {
  if (kind !== 'discord') return undefined
  try {
    return answered.safeParse(JSON.parse(body)).data?.id
  } catch {
    return undefined
  }
}

/** Remembers the first message about an approval in a channel; nothing when the approval is gone. */
export async function remember(world: World, channel: ChannelRow, approvalId: string, name: string): Promise<void> {
  const reference = await sealReference(world, channel.id, approvalId, channel.generation, name)
  await world.db.sql`
    insert into messages (channel_id, approval_id, reference)
    select c.id, a.id, ${reference} from channels c, approvals a
    where c.id = ${channel.id} and c.generation = ${channel.generation} and a.id = ${approvalId}
    on conflict (channel_id, approval_id) do update set reference = excluded.reference, at = now()`
}

/** What the service calls the first message about an approval in a channel, if there was one that it named. */
export async function firstMessage(
  world: World,
  { id, generation }: ChannelRow,
  approvalId: string,
): Promise<string | undefined> {
  const [row] = await world.db.sql<{ reference: Uint8Array | null }[]>`
    select reference from messages where channel_id = ${id} and approval_id = ${approvalId}`
  return row?.reference ? openReference(world, id, approvalId, generation, row.reference) : undefined
}

/**
 * Whether an earlier event about the same thing is on its way to the same channel at this moment: the outcome waits for the
 * message that it follows. One that is tried again later holds nothing up.
 */
export async function isBehindAnother(
  world: World,
  { id, channel_id }: Delivery,
  approvalId: string,
): Promise<boolean> {
  const [row] = await world.db.sql<{ behind: boolean }[]>`
    select exists (
      select 1 from deliveries d join events e on e.id = d.event_id and e.project_id = d.project_id
      where d.channel_id = ${channel_id} and d.id < ${id} and d.status = 'waiting' and d.leased_until > now()
        and e.target in (${`approval:${approvalId}`}, ${`permission:${approvalId}`})
    ) as behind`
  return row?.behind === true
}

/** Whether an approval has ended, and the channel or browser is told of how: then there is no use in asking for a decision any more. */
export async function isOver(
  world: World,
  { id, event_id, ...delivery }: Delivery,
  approvalId: string,
): Promise<boolean> {
  const [row] = await world.db.sql<{ over: boolean }[]>`
    select exists (
      select 1 from deliveries d join events e on e.id = d.event_id and e.project_id = d.project_id
        join approvals a on a.id = ${approvalId}
      where coalesce(d.channel_id, d.subscription_id) = ${placeOf(delivery)} and d.id <> ${id} and d.event_id <> ${event_id} and a.status <> 'pending'
        and e.target = ${`approval:${approvalId}`} and e.name <> 'approval.pin_failed'
    ) as over`
  return row?.over === true
}
