import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { ChannelEvent, ChannelKind } from '../../shared/channels.ts'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { masked } from './address.ts'
import { openTarget } from './sealing.ts'

/** A channel as it is kept. */
export type ChannelRow = {
  id: string
  project_id: string
  kind: ChannelKind
  name: string
  /** Sealed. */
  address: Uint8Array
  generation: number
  events: ChannelEvent[]
  created_at: Date
  created_by: ActorRef
  failing_since: Date | null
  disabled_at: Date | null
  disabled_for: 'by_hand' | 'gone' | 'failing' | null
}

/** The channels of a project; `rest` begins with `and`, and may order and limit. */
export const selectChannels = (sql: Sql, projectId: string, rest: Fragment): Promise<ChannelRow[]> => sql<ChannelRow[]>`
  select id, project_id, kind, name, address, generation, events, created_at, created_by, failing_since, disabled_at,
    disabled_for
  from channels where project_id = ${projectId} ${rest}`

/** One channel of a project. Refuses NOT_FOUND. `held`: until the transaction ends. */
export async function findChannel(sql: Sql, projectId: string, id: string, held = false): Promise<ChannelRow> {
  const [row] = await selectChannels(sql, projectId, sql`and id = ${id} ${held ? sql`for update` : sql``}`)
  return row ?? refuse('NOT_FOUND', { sentence: 'There is no such channel.' })
}

/** A channel as the project sees it: its address masked. */
export async function present(world: World, row: ChannelRow): Promise<z.input<typeof contract.channels.get.output>> {
  const { address, token } = await openTarget(world, row)
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    address: masked(row.kind, address),
    has_token: token !== null,
    events: row.events,
    enabled: row.disabled_at === null,
    disabled_for: row.disabled_for,
    failing_since: row.failing_since?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
  }
}
