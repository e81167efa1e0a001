import type { z } from 'zod'
import type { webhook } from '../../shared/contract/webhook.ts'
import { refuse } from '../../shared/errors.ts'
import { atLeast } from '../../shared/roles.ts'
import { holds } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { World } from '../world.ts'
import { openText } from './sealing.ts'

/** A project has at most so many. */
export const mostWebhooks = 20

/** A webhook as its row says; what is sealed is under `generation`. */
export type WebhookRow = {
  id: string
  project_id: string
  description: string
  url: Uint8Array
  secret: Uint8Array
  previous_secret: Uint8Array | null
  /** Null also once it signs no more. */
  previous_until: Date | null
  generation: number
  events: string[] | null
  created_at: Date
  created_by: ActorRef
  failing_since: Date | null
  disabled_at: Date | null
  disabled_for: 'by_hand' | 'gone' | 'failing' | null
}

/**
 * The live project whose webhooks somebody may see or change. They tell of everything in it, so members are not shown them,
 * a key needs the right to the audit log as well, and one that is limited to some paths has none. Refuses INSUFFICIENT_ROLE,
 * INSUFFICIENT_SCOPE, KEY_PATH_NOT_ALLOWED.
 */
export function projectFor(actor: KeyActor | PersonActor): string {
  if (actor.type === 'person' && !atLeast(actor.role, 'ADMIN'))
    refuse('INSUFFICIENT_ROLE', { sentence: 'Webhooks are shown to admins of the project.' })
  if (actor.type === 'key' && !holds(actor.scopes, 'audit:read'))
    refuse('INSUFFICIENT_SCOPE', {
      sentence: 'Webhooks tell of everything that happens; this API key needs the scope audit:read as well.',
    })
  if (actor.keyPaths !== null)
    refuse('KEY_PATH_NOT_ALLOWED', {
      sentence: 'Webhooks tell of every path; this API key is limited to some of them.',
    })
  return liveProjectOf(actor)
}

/** The webhooks of a project from the newest on, those before an id. */
export const listWebhooks = (sql: Sql, projectId: string, before: string | null, most: number): Promise<WebhookRow[]> =>
  sql<WebhookRow[]>`
    select id, project_id, description, url, secret, previous_secret,
      case when previous_until > now() then previous_until end as previous_until, generation, events, created_at,
      created_by, failing_since, disabled_at, disabled_for
    from webhooks where project_id = ${projectId} and (${before}::text is null or id < ${before})
    order by id desc limit ${most}`

/** One webhook of a project; with `lock` nobody else changes it until the transaction ends. */
export async function findWebhook(
  sql: Sql,
  projectId: string,
  id: string,
  lock = false,
): Promise<WebhookRow | undefined> {
  const [row] = await sql<WebhookRow[]>`
    select id, project_id, description, url, secret, previous_secret,
      case when previous_until > now() then previous_until end as previous_until, generation, events, created_at,
      created_by, failing_since, disabled_at, disabled_for
    from webhooks where id = ${id} and project_id = ${projectId} ${lock ? sql`for no key update` : sql``}`
  return row
}

/** Its address. Refuses KEY_MISSING. */
export const urlOf = (world: World, row: WebhookRow): Promise<string> =>
  openText(world, { id: row.id, projectId: row.project_id, column: 'url' }, row.url, row.generation)

/** Those that its deliveries are signed with, the newest first: two during a rotation. Refuses KEY_MISSING. */
export async function secretsOf(world: World, row: WebhookRow): Promise<string[]> {
  const open = (column: 'secret' | 'previous_secret', sealed: Uint8Array) =>
    openText(world, { id: row.id, projectId: row.project_id, column }, sealed, row.generation)
  const secret = await open('secret', row.secret)
  return row.previous_secret && row.previous_until
    ? [secret, await open('previous_secret', row.previous_secret)]
    : [secret]
}

/** A webhook as the contract shows it. */
export const shownWebhook = async (world: World, row: WebhookRow): Promise<z.input<typeof webhook>> => ({
  id: row.id,
  url: await urlOf(world, row),
  description: row.description,
  events: row.events,
  enabled: row.disabled_at === null,
  disabled_for: row.disabled_for,
  failing_since: row.failing_since?.toISOString() ?? null,
  rotates_until: row.previous_until?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
})
