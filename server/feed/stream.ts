import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import type { Streamed, Verb } from '../verb.ts'
import { hear } from './hub.ts'
import { placeIn } from './place.ts'
import { readNow } from './reading.ts'

/** Follows a project's events from a place on, or from now; what is told is what the key or the person may read. */
export const stream: Verb<typeof contract.feed.stream> = async (ctx, input): Promise<Streamed> => {
  const { actor, world, readmit } = ctx
  if (input.project !== undefined && input.project !== actor.projectId) refuse('NOT_FOUND')
  const known = input.resume ?? input.last_event_id
  const place = known === undefined ? undefined : placeIn(known)
  if (known !== undefined && place === undefined)
    refuse('INVALID_INPUT', { issues: [{ path: 'last_event_id', message: 'Must be an id as an event had it.' }] })
  return {
    type: 'text/event-stream',
    chunks: hear(world, {
      actor,
      principal: principalOf(actor, ctx.ip),
      readmit: readmit ?? (async () => actor),
      from: place ?? (await readNow(world.db.sql)),
    }),
  }
}

/** Connections of one principal stand or fall together: a key from one address, a session in one project. */
const principalOf = (actor: KeyActor | PersonActor, ip: string): string =>
  actor.type === 'key' ? `key ${actor.id} ${ip}` : `session ${actor.sessionId} ${actor.projectId}`
