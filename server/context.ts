import type { Role } from '../shared/roles.ts'
import type { KeyEnv, Scope, Transport } from '../shared/scopes.ts'
import type { ActorRef } from '../shared/words.ts'
import type { Rate } from './lib/limiter.ts'
import type { World } from './world.ts'

/** Anyone without a credential: who holds a link, who tries the demo. */
export type Visitor = { type: 'visitor' }

/** Anyone without a credential, in the one project that takes guests. */
export type Guest = Visitor & { projectId: string; keyPaths: null }

/** An API key, as its row says. */
export type KeyActor = {
  type: 'key'
  id: string
  name: string
  /** Of a test key: the project's twin. */
  projectId: string
  env: KeyEnv
  scopes: readonly Scope[]
  /** Null: any. Otherwise path prefixes it may touch. */
  keyPaths: readonly string[] | null
  /** Null: any TOTP account. Otherwise those with one of these tags, and what it was granted. */
  accountTags: readonly string[] | null
  /** Addresses and networks it may come from, by its own row and by its project's settings: both must allow. Null: any. */
  ipAllowlist: readonly string[] | null
  projectAllowlist: readonly string[] | null
  transports: readonly Transport[]
  /** When it ends by itself; null: never. */
  expiresAt: Date | null
  /** The person behind whoever made it; null: the command line. */
  makerId: string | null
  /** The first key of its line of rotations. */
  family: string
  /** The agent that it is a key of; null: none. */
  agent: { id: string; name: string } | null
  /** What the maker is in the project now; null: no active member any more. Of the command line: OWNER. */
  makerRole: Role | null
}

/** Somebody with a session, whatever projects they have. */
export type SignedIn = {
  type: 'person'
  id: string
  name: string
  email: string
  runsInstance: boolean
  sessionId: string
  /** Until when this session counts as freshly proven, and when it ends at the latest. */
  freshUntil: Date
  sessionEnds: Date
}

/** A signed-in person in a project they belong to. */
export type PersonActor = SignedIn & {
  /** Of what they look at: the project, or its twin with the test objects. */
  projectId: string
  /** The live project, which people, keys and settings belong to. */
  liveProjectId: string
  role: Role
  /** The key that invited them into the project, if one did: they never decide its requests. */
  invitedByKey: string | null
  /** People are not limited to paths. */
  keyPaths: null
}

/** The service itself: the sweeper, the command line. */
export type SystemActor = { type: 'system'; name: string }

export type Actor = Visitor | Guest | KeyActor | SignedIn | PersonActor | SystemActor

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
  /** How it reached us, for the instance's health: the origin that its client named, and whether an untrusted proxy passed it on. */
  came?: { origin: string; strangeProxy: boolean }
  /** The user name beside a key that came by HTTP Basic (seed 4's `custid`). */
  userName?: string | undefined
  /** The text of the key that asks, for entries with `keyText`. Never logged, never stored. */
  keyText?: string | undefined
  /** The method that came promises to change nothing, although the entry's own may: an alias. */
  safe?: boolean
  /** The body of an entry with `bytes`, as it arrives. */
  body?: AsyncIterable<Uint8Array>
  /** Who is signed in in this browser, for what is public but knows people; only the dashboard's door has it. */
  signedIn?: () => Promise<SignedIn | undefined>
  /** The same person in a project; undefined when they do not belong to it. */
  memberOf?: (who: SignedIn, projectId: string) => Promise<PersonActor | undefined>
  /** Asks anew who this is and whether they may: for answers that go on. Refuses like the first time. */
  readmit?: () => Promise<Actor>
  idempotency: IdempotencyClaim | undefined
  /** What the door tells in headers; `cookies` are whole `Set-Cookie` lines. */
  notes: { rate?: Rate; replayed?: true; cookies?: string[] }
}

/** Who did it, for the record. */
export function actorRef(actor: Actor): ActorRef {
  if (actor.type === 'key' && actor.agent) return { type: 'agent', ...actor.agent }
  if (actor.type === 'key' || actor.type === 'person') return { type: actor.type, id: actor.id, name: actor.name }
  if (actor.type === 'system') return { type: 'system', id: null, name: actor.name }
  return { type: 'visitor', id: null, name: 'projectId' in actor ? 'guest' : 'link holder' }
}

/** True of the test keys of agents: what they do, nobody is told by mail (seed 2). */
export const tellsNobody = (actor: Actor): boolean =>
  actor.type === 'key' && actor.agent !== null && actor.env === 'test'

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
