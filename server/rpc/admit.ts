import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { refuse } from '../../shared/errors.ts'
import { type LimitClass, limits } from '../../shared/limits.ts'
import { atLeast, roleOf, roles } from '../../shared/roles.ts'
import { holds, liveOnly, onlyAsks, type Scope } from '../../shared/scopes.ts'
import type { Actor, Ctx, Guest, KeyActor, PersonActor, SignedIn, Visitor } from '../context.ts'
import type { Rate } from '../lib/limiter.ts'
import { networkOf } from '../lib/network.ts'

/** What a door knows of a request before anybody asked who it is. */
export type DoorCtx = Omit<Ctx, 'actor'> & {
  /** Makes the actor of the credentials that came; asked once, and only by entries that are not public. */
  identify: () => Promise<Actor>
  /** The project that takes one-time secrets from anybody, if one does. */
  guestProject?: () => Promise<string | undefined>
  /** The project that a signed-in person means. Only doors that know sessions have one. */
  project?: string | undefined
}

type Admitted = Visitor | Guest | KeyActor | SignedIn | PersonActor

const visitor: Visitor = { type: 'visitor' }

/** Lets a key pass whose scopes, environment and maker allow the entry. */
function mustHold(actor: KeyActor, entry: Endpoint, scope: Scope): KeyActor {
  if (entry.peopleOnly) refuse('SIGNED_OUT', { sentence: 'This is for signed-in people, not for API keys.' })
  const enough = [scope, ...(entry.orAccess ?? [])]
  if (!enough.some((one) => holds(actor.scopes, one)))
    refuse('INSUFFICIENT_SCOPE', { sentence: `The API key does not have the scope ${enough.join(' or ')}.` })
  if (actor.env === 'test' && liveOnly.includes(scope)) refuse('TEST_KEY')
  if (entry.activeAdmin && !(actor.makerRole && atLeast(actor.makerRole, 'ADMIN'))) refuse('MAKER_NOT_ADMIN')
  return actor
}

async function mustBeSignedIn(door: DoorCtx, entry: Endpoint): Promise<SignedIn> {
  if (!door.signedIn) return refuse('MISSING_API_KEY')
  const who = await door.signedIn()
  if (!who) return refuse('SIGNED_OUT')
  if (entry.fresh && who.freshUntil <= door.world.clock.now()) refuse('SIGN_IN_AGAIN')
  return who
}

/** Lets a person pass whose role in the project they name allows the entry; another's project is not found. */
async function mustBeMember(door: DoorCtx, entry: Endpoint, scope: Scope): Promise<PersonActor> {
  const who = await mustBeSignedIn(door, entry)
  const member = door.project === undefined ? undefined : await door.memberOf?.(who, door.project)
  if (!member) return refuse('NOT_FOUND', { sentence: 'There is no such project among yours.' })
  const enough = [scope, ...(entry.orAccess ?? [])]
  const least = roles.find((role) => enough.some((one) => roleOf[one] === role)) ?? roleOf[scope]
  if (!atLeast(member.role, least))
    refuse('INSUFFICIENT_ROLE', {
      sentence: `This needs the role ${least} in this project, and yours is ${member.role}; an admin can change it.`,
      details: { needs: least, role: member.role },
    })
  return member
}

/** Who asks, if they may; asked again by what goes on after its answer has begun. */
export async function identified(door: DoorCtx, entry: Endpoint): Promise<Admitted> {
  if (entry.access === 'public') return visitor
  if (entry.access === 'signed in') return mustBeSignedIn(door, entry)
  const actor = await door.identify()
  if (entry.guests && actor.type === 'visitor' && door.project === undefined) {
    const projectId = await door.guestProject?.()
    if (projectId !== undefined) return { type: 'visitor', projectId, keyPaths: null }
  }
  return actor.type === 'key' ? mustHold(actor, entry, entry.access) : mustBeMember(door, entry, entry.access)
}

/**
 * Who is counted, and in which classes. People always count in the dashboard's. An agent counts in seed 2's pair, all its
 * keys together; with a test key it counts against nothing.
 */
function counted(door: DoorCtx, entry: Pick<Endpoint, 'method' | 'limit'>, actor: Admitted): [LimitClass, string][] {
  if (actor.type === 'person') return [[entry.method === 'GET' ? 'dashboard read' : 'dashboard write', actor.id]]
  if (actor.type === 'key' && (actor.agent || onlyAsks(actor.scopes))) {
    const who = actor.agent?.id ?? actor.family
    return actor.env === 'test'
      ? []
      : [
          ['agent minute', who],
          ['agent hour', who],
        ]
  }
  const byKey = limits[entry.limit].by === 'key' && actor.type === 'key'
  return [[entry.limit, byKey ? actor.id : networkOf(door.ip)]]
}

/**
 * Takes from each class in turn; what is told is the tightest. What one class refuses is not counted in the next: who
 * tries again too soon in a minute would spend the hour on refusals.
 */
async function take(door: DoorCtx, classes: [LimitClass, string][]): Promise<Rate | undefined> {
  let tightest: Rate | undefined
  for (const one of classes) {
    const rate = await door.world.limiter.take(...one)
    if (!rate.allowed) return rate
    if (!tightest || rate.remaining <= tightest.remaining) tightest = rate
  }
  return tightest
}

/** Admits a request to an entry, or refuses: who is it, may it, and is it not too often. In this order, before parsing. */
export async function admit(door: DoorCtx, entry: Endpoint): Promise<Admitted> {
  if (door.world.isClosing()) refuse('UNAVAILABLE', { retryAfter: 1 })
  const actor = await identified(door, entry)
  const rate = await take(door, counted(door, entry, actor))
  if (!rate) return actor
  door.notes.rate = rate
  if (!rate.allowed) refuse('RATE_LIMITED', { retryAfter: rate.reset })
  return actor
}

/** Admits whoever brings a key, whatever it may do: for what a door says beside its operations. Counted like them. */
export async function admitKey(door: DoorCtx): Promise<KeyActor> {
  if (door.world.isClosing()) refuse('UNAVAILABLE', { retryAfter: 1 })
  const actor = await door.identify()
  if (actor.type !== 'key') return refuse('MISSING_API_KEY')
  const rate = await take(door, counted(door, { method: 'POST', limit: 'everything else' }, actor))
  if (rate) door.notes.rate = rate
  if (rate?.allowed === false) refuse('RATE_LIMITED', { retryAfter: rate.reset })
  return actor
}
