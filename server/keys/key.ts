import { hash } from 'node:crypto'
import { type Column, sql as condition, eq, or, type SQL } from 'drizzle-orm'
import { ulid } from 'ulid'
import { refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/roles.ts'
import type { KeyEnv, Scope, Transport } from '../../shared/scopes.ts'
import { actorRef, type Ctx, type KeyActor } from '../context.ts'
import { record } from '../events/event.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { isKeyText, makeKeyText } from '../lib/token.ts'
import { perWorld, type World } from '../world.ts'

/** A key as its maker may see it again: never the text. */
export type KeyRow = {
  id: string
  project_id: string
  name: string
  prefix: string
  last4: string
  scopes: Scope[]
  key_paths: string[] | null
  transports: Transport[]
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

export type NewKey = {
  projectId: string
  name: string
  prefix: string
  scopes: readonly Scope[]
  keyPaths: readonly string[] | null
  transports: readonly Transport[]
  /** Seconds until it expires; null: never. */
  lifetime: number | null
}

const columns = (sql: Sql) =>
  sql`id, project_id, name, prefix, last4, scopes, key_paths, transports, created_at, expires_at, revoked_at`

/** Makes a key. Its text is in the answer and nowhere else, ever. */
export async function makeKey(sql: Sql, ctx: Ctx, fresh: NewKey): Promise<KeyRow & { key: string }> {
  const key = makeKeyText(fresh.prefix)
  const id = ulid()
  const [row] = await sql<KeyRow[]>`
    insert into api_keys (id, project_id, digest, prefix, last4, name, scopes, key_paths, transports, created_by, expires_at)
    values (${id}, ${fresh.projectId}, ${hmac(ctx.world.keys.pepper, key)}, ${fresh.prefix}, ${key.slice(-4)}, ${fresh.name},
      ${[...fresh.scopes]}, ${fresh.keyPaths && [...fresh.keyPaths]}, ${[...fresh.transports]},
      ${sql.json(actorRef(ctx.actor))}, now() + make_interval(secs => ${fresh.lifetime}::float8))
    returning ${columns(sql)}`
  if (!row) throw new Error('The key was not stored.')
  const payload = { key_id: id, name: fresh.name, scopes: [...fresh.scopes] }
  await record(sql, ctx, { name: 'key.created', projectId: fresh.projectId, target: `key:${id}`, payload })
  return { ...row, key }
}

/** The keys of a project, newest first. */
export const listKeys = (sql: Sql, projectId: string): Promise<KeyRow[]> =>
  sql<KeyRow[]>`select ${columns(sql)} from api_keys where project_id = ${projectId} order by id desc`

/** Revokes a key for good, at once on every node; `undefined` when the project has no such key. Idempotent. */
export async function revokeKey(sql: Sql, ctx: Ctx, projectId: string, id: string): Promise<KeyRow | undefined> {
  const [revoked] = await sql<KeyRow[]>`
    update api_keys set revoked_at = now() where id = ${id} and project_id = ${projectId} and revoked_at is null
    returning ${columns(sql)}`
  if (revoked) {
    const payload = { key_id: id, name: revoked.name }
    await record(sql, ctx, { name: 'key.revoked', projectId, target: `key:${id}`, payload })
    return revoked
  }
  const [already] = await sql<KeyRow[]>`
    select ${columns(sql)} from api_keys where id = ${id} and project_id = ${projectId}`
  return already
}

const trustMs = 5000
const mostKnown = 10_000

/** A row as it was read `at` (of performance.now), and how long the key had to live then by the database's clock. */
type SeenKey = { row: KeyRow & Standing; at: number }

/** What a key's rights hang on besides its own row. */
type Standing = {
  env: KeyEnv
  ip_allowlist: string[] | null
  project_allowlist: string[] | null
  disabled_at: Date | null
  maker_id: string | null
  maker_role: Role | null
  ms_left: number | null
}

/**
 * Rows of keys seen lately: dropped at once by NOTIFY when a row changes, not used while we cannot hear that. `drops`
 * counts what was dropped, so that a row read before a change is not kept after it. `names`: within the process a plain
 * digest of the text leads to the row, several times cheaper than the HMAC that the row is stored under.
 */
const knownKeys = perWorld((world) => {
  const cache = { rows: new Map<string, SeenKey>(), names: new Map<string, string>(), drops: 0 }
  world.wake.onChange((topic) => {
    if (topic !== undefined && !/^(key|person|project) /.test(topic)) return
    cache.drops++
    if (topic?.startsWith('key ')) cache.rows.delete(topic.slice(4))
    else cache.rows.clear()
  })
  return cache
})

async function lookUp(world: World, text: string): Promise<SeenKey | undefined> {
  const cache = knownKeys(world)
  const quick = hash('sha256', text, 'base64')
  const seen = cache.rows.get(cache.names.get(quick) ?? '')
  if (seen && world.wake.isListening() && performance.now() - seen.at < trustMs) return seen
  const digest = hmac(world.keys.pepper, text)
  const { sql } = world.db
  const [at, { drops }] = [performance.now(), cache]
  const [row] = await sql<SeenKey['row'][]>`
    select k.id, k.project_id, k.name, k.prefix, k.last4, k.scopes, k.key_paths, k.transports, k.created_at, k.expires_at,
      k.revoked_at, k.env, k.ip_allowlist, live.ip_allowlist as project_allowlist, k.disabled_at, k.maker_id,
      case when k.maker_id is null then 'OWNER' else m.role end as maker_role,
      extract(epoch from k.expires_at - now())::float8 * 1000 as ms_left
    from api_keys k
    join projects p on p.id = k.project_id
    join projects live on live.id = coalesce(p.test_of, p.id)
    left join memberships m on m.project_id = live.id and m.person_id = k.maker_id and m.disabled_at is null
    where k.digest = ${digest}`
  if (!row) return undefined
  const fresh = { row, at }
  if (cache.drops === drops) {
    if (cache.names.size >= mostKnown) {
      cache.rows.clear()
      cache.names.clear()
    }
    const name = digest.toString('hex')
    cache.rows.set(name, fresh)
    cache.names.set(quick, name)
  }
  return fresh
}

/** The key behind a text. Refuses INVALID_API_KEY (malformed, before any SQL, or unknown) and EXPIRED_API_KEY (revoked or expired). */
export async function actorOfKey(world: World, text: string): Promise<KeyActor> {
  if (!isKeyText(text)) refuse('INVALID_API_KEY')
  const found = await lookUp(world, text)
  if (!found) return refuse('INVALID_API_KEY')
  const { row, at } = found
  if (row.revoked_at || row.disabled_at || (row.ms_left !== null && performance.now() - at >= row.ms_left))
    refuse('EXPIRED_API_KEY')
  return {
    type: 'key',
    id: row.id,
    name: row.name,
    projectId: row.project_id,
    env: row.env,
    scopes: row.scopes,
    keyPaths: row.key_paths,
    ipAllowlist: row.ip_allowlist,
    projectAllowlist: row.project_allowlist,
    transports: row.transports,
    makerId: row.maker_id,
    makerRole: row.maker_role,
  }
}

/** Refuses a key path outside the key's prefixes; a prefix ends at a segment: `deploy` covers `deploy/prod`, not `deployer`. */
export function mayTouch(actor: Pick<KeyActor, 'keyPaths'>, keyPath: string): void {
  if (!reaches(actor.keyPaths, keyPath)) refuse('KEY_PATH_NOT_ALLOWED')
}

/** Whether `keyPath` is one of the prefixes or lies below one; null reaches everything. */
export const reaches = (prefixes: readonly string[] | null, keyPath: string): boolean =>
  prefixes === null || prefixes.some((prefix) => keyPath === prefix || keyPath.startsWith(`${prefix}/`))

const nothing = condition`false`

/** The same rule as a condition over a column, for lists. */
export const pathsWithin = (column: Column, prefixes: readonly string[] | null): SQL | undefined =>
  prefixes === null
    ? undefined
    : or(
        nothing,
        ...prefixes.map((prefix) => or(eq(column, prefix), condition`starts_with(${column}, ${`${prefix}/`})`)),
      )
