import { atLeast, roleOf } from '../../shared/roles.ts'
import { holds, type Scope } from '../../shared/scopes.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import { type EventRow, entryOf } from '../events/entry.ts'
import { reaches } from '../keys/reach.ts'
import { type Place, placeText } from './place.ts'

/** What somebody is told of. */
export type Sight = Readonly<Record<'values' | 'approvals' | 'secrets' | 'agents' | 'audit', boolean>> & {
  keyPaths: readonly string[] | null
}

/** What a key's scopes, or a person's role, let them read. */
export function sightOf(actor: KeyActor | PersonActor): Sight {
  const may = (scope: Scope) => (actor.type === 'key' ? holds(actor.scopes, scope) : atLeast(actor.role, roleOf[scope]))
  return {
    values: may('values:read'),
    approvals: may('approvals:read'),
    // A key reads of secrets only what it made itself; a person sees the list of them all.
    secrets: may(actor.type === 'key' ? 'audit:read' : 'secrets:read'),
    // An agent's key sees its own requests only, so it hears of none; a person sees the list of them all.
    agents: may('agents:read'),
    audit: may('audit:read'),
    keyPaths: actor.keyPaths,
  }
}

type Named = Pick<EventRow, 'name' | 'payload'>

/**
 * Whether an event is told: of values and approvals within the key's paths, of secrets of both kinds, asks and what
 * agents ask to who sees their list, of all else to who may read the audit log.
 */
export function sees(sight: Sight, { name, payload }: Named): boolean {
  const family = name.slice(0, name.indexOf('.'))
  if (family === 'secret' || family === 'ask' || family === 'kept') return sight.secrets
  if (family === 'permission' || family === 'policy' || family === 'agent') return sight.agents
  if (family !== 'value' && family !== 'approval') return sight.audit
  const within = typeof payload.key_path === 'string' && reaches(sight.keyPaths, payload.key_path)
  return within && (family === 'value' ? sight.values : sight.approvals)
}

const line = (row: EventRow & Place, readsAudit: boolean) =>
  `id: ${placeText(row)}\nevent: ${row.name}\ndata: ${JSON.stringify(entryOf(row, readsAudit))}\n\n`

/** An event as it goes over the wire: written once for all who hear it, and with less for who may not read the audit log. */
export function frames(row: EventRow & Place): (sight: Sight) => string {
  let [whole, less]: (string | undefined)[] = []
  return ({ audit }) => {
    if (audit) {
      whole ??= line(row, true)
      return whole
    }
    less ??= line(row, false)
    return less
  }
}
