import type { Scope, Transport } from '../shared/scopes.ts'
import type { ActorRef } from '../shared/words.ts'
import type { Rate } from './lib/limiter.ts'
import type { World } from './world.ts'

/** Anyone without a credential: who holds a link, who tries the demo. */
export type Visitor = { type: 'visitor' }

/** An API key, as its row says. */
export type KeyActor = {
  type: 'key'
  id: string
  name: string
  projectId: string
  scopes: readonly Scope[]
  /** Null: any. Otherwise path prefixes it may touch. */
  keyPaths: readonly string[] | null
  transports: readonly Transport[]
}

/** The service itself: the sweeper, the command line. */
export type SystemActor = { type: 'system'; name: string }

export type Actor = Visitor | KeyActor | SystemActor

/** What a repeated request is recognised by, and what its stored reply is sealed under. */
export type IdempotencyClaim = { key: string; credential: string; body: unknown }

/** One request as a verb sees it. Nothing of HTTP is in here but what the decision or its record needs. */
export type Ctx<As extends Actor = Actor> = {
  world: World
  actor: As
  requestId: string
  /** The client's address, from the socket or a trusted proxy. */
  ip: string
  userAgent: string | null
  /** Aborted when the client has left. */
  signal: AbortSignal
  /** Names this browser's visit to public pages; a cookie of the door. */
  visit: string | undefined
  idempotency: IdempotencyClaim | undefined
  /** What the door tells in headers. */
  notes: { rate?: Rate; replayed?: true }
}

/** Who did it, for the record. */
export function actorRef(actor: Actor): ActorRef {
  if (actor.type === 'key') return { type: 'key', id: actor.id, name: actor.name }
  if (actor.type === 'system') return { type: 'system', id: null, name: actor.name }
  return { type: 'visitor', id: null, name: 'link holder' }
}

/** A context for what nobody asked for over the network: the sweeper, the command line. */
export const systemCtx = (world: World, name: string): Ctx<SystemActor> => ({
  world,
  actor: { type: 'system', name },
  requestId: name,
  ip: '',
  userAgent: null,
  signal: new AbortController().signal,
  visit: undefined,
  idempotency: undefined,
  notes: {},
})
