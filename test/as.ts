import type { Actor } from '../server/context.ts'
import { newVisit } from '../server/http/visits.ts'
import type { DoorCtx } from '../server/rpc/admit.ts'
import { router } from '../server/rpc/router.ts'
import type { World } from '../server/world.ts'

/** A context as a door would make it for this actor. */
export const doorCtx = (world: World, actor: Actor, more: Partial<DoorCtx> = {}): DoorCtx => ({
  world,
  identify: async () => actor,
  signedIn: async () => (actor.type === 'person' ? actor : undefined),
  memberOf: async (_who, projectId) =>
    actor.type === 'person' && 'projectId' in actor && actor.projectId === projectId ? actor : undefined,
  project: 'projectId' in actor ? actor.projectId : undefined,
  requestId: 'test',
  ip: '127.0.0.1',
  userAgent: 'test',
  signal: new AbortController().signal,
  visit: undefined,
  idempotency: undefined,
  notes: {},
  ...more,
})

/** The verbs behind the one pipeline, as this actor: `as(world, actor).approvals.create({ … })`. */
export const as = (world: World, actor: Actor, more: Partial<DoorCtx> = {}) =>
  router.createCaller(doorCtx(world, actor, more))

/** A visitor with a browser of its own: what opens links and decides. */
export const asVisitor = (world: World, visit = newVisit()) => as(world, { type: 'visitor' }, { visit })
