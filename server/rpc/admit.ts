import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { refuse } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { holds } from '../../shared/scopes.ts'
import type { Actor, Ctx, KeyActor, Visitor } from '../context.ts'
import { networkOf } from '../lib/network.ts'

/** What a door knows of a request before anybody asked who it is. */
export type DoorCtx = Omit<Ctx, 'actor'> & {
  /** Makes the actor of the credentials that came; asked once, and only by entries that are not public. */
  identify: () => Promise<Actor>
}

const visitor: Visitor = { type: 'visitor' }

async function identified(door: DoorCtx, entry: Endpoint): Promise<Visitor | KeyActor> {
  if (entry.access === 'public') return visitor
  const actor = await door.identify()
  if (actor.type !== 'key') return refuse('MISSING_API_KEY')
  if (!holds(actor.scopes, entry.access))
    refuse('INSUFFICIENT_SCOPE', { sentence: `The API key does not have the scope ${entry.access}.` })
  return actor
}

/** Admits a request to an entry, or refuses: who is it, may it, and is it not too often. In this order, before parsing. */
export async function admit(door: DoorCtx, entry: Endpoint): Promise<Visitor | KeyActor> {
  if (door.world.isClosing()) refuse('UNAVAILABLE', { retryAfter: 1 })
  const actor = await identified(door, entry)
  const subject = limits[entry.limit].by === 'key' && actor.type === 'key' ? actor.id : networkOf(door.ip)
  const rate = await door.world.limiter.take(entry.limit, subject)
  door.notes.rate = rate
  if (!rate.allowed) refuse('RATE_LIMITED', { retryAfter: rate.reset })
  return actor
}
