import { hash } from 'node:crypto'
import { refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/roles.ts'
import { type KeyEnv, type Logging, reservedPrefixes, type Scope, type Transport } from '../../shared/scopes.ts'
import type { KeyActor } from '../context.ts'
import { hmac } from '../lib/crypto.ts'
import { isKeyText } from '../lib/token.ts'
import { perWorld, type World } from '../world.ts'
import { faultOfText } from './made.ts'

const trustMs = 5000
const mostKnown = 10_000

type Row = {
  id: string
  project_id: string
  live_project_id: string
  throwaway: boolean
  name: string
  env: KeyEnv
  scopes: Scope[]
  key_paths: string[] | null
  account_tags: string[] | null
  ip_allowlist: string[] | null
  project_allowlist: string[] | null
  transports: Transport[]
  logging: Logging
  expires_at: Date | null
  ended: boolean
  maker_id: string | null
  family: string
  agent: { id: string; name: string } | null
  maker_role: Role | null
  /** How long it had to live, and its bodies to be kept, when the row was read, by the database's clock. */
  ms_left: number | null
  logging_ms_left: number | null
}

/** A key that exists, as its row was read `at` (of performance.now). */
export type KnownKey = { actor: KeyActor; row: Row; at: number }

/**
 * Rows of keys seen lately: dropped at once by NOTIFY when a row changes, not used while we cannot hear that. `drops`
 * counts what was dropped, so that a row read before a change is not kept after it. `names`: within the process a plain
 * digest of the text leads to the row, several times cheaper than the HMAC that the row is stored under.
 */
const knownKeys = perWorld((world) => {
  const cache = { rows: new Map<string, KnownKey>(), names: new Map<string, string>(), drops: 0 }
  world.wake.onChange((topic) => {
    if (topic !== undefined && !/^(key|person|project) /.test(topic)) return
    cache.drops++
    if (topic?.startsWith('key ')) cache.rows.delete(topic.slice(4))
    else cache.rows.clear()
  })
  return cache
})

const actorOfRow = (row: Row): KeyActor => ({
  type: 'key',
  id: row.id,
  name: row.name,
  projectId: row.project_id,
  env: row.env,
  scopes: row.scopes,
  keyPaths: row.key_paths,
  accountTags: row.account_tags,
  ipAllowlist: row.ip_allowlist,
  projectAllowlist: row.project_allowlist,
  transports: row.transports,
  expiresAt: row.expires_at,
  makerId: row.maker_id,
  family: row.family,
  agent: row.agent,
  makerRole: row.maker_role,
})

async function read(world: World, digest: Buffer): Promise<Row | undefined> {
  const [row] = await world.db.sql<Row[]>`
    select k.id, k.project_id, live.id as live_project_id, live.purge_at is not null as throwaway, k.name, k.env,
      k.scopes, k.key_paths, k.account_tags, k.ip_allowlist, live.ip_allowlist as project_allowlist, k.transports, k.logging,
      k.expires_at, k.revoked_at is not null or k.disabled_at is not null or g.disabled_at is not null as ended, k.maker_id,
      k.family, case when g.id is not null then jsonb_build_object('id', g.id, 'name', g.name) end as agent,
      case when k.maker_id is null then 'OWNER' else m.role end as maker_role,
      extract(epoch from k.expires_at - now())::float8 * 1000 as ms_left,
      extract(epoch from k.logging_until - now())::float8 * 1000 as logging_ms_left
    from api_keys k
    join projects p on p.id = k.project_id
    join projects live on live.id = coalesce(p.test_of, p.id)
    left join agents g on g.id = k.agent_id
    left join memberships m on m.project_id = live.id and m.person_id = k.maker_id and m.disabled_at is null
    where k.digest = ${digest}`
  return row
}

async function lookUp(world: World, text: string): Promise<KnownKey | undefined> {
  const cache = knownKeys(world)
  const quick = hash('sha256', text, 'base64')
  const seen = cache.rows.get(cache.names.get(quick) ?? '')
  if (seen && world.wake.isListening() && performance.now() - seen.at < trustMs) return seen
  const digest = hmac(world.keys.pepper, text)
  const [at, { drops }] = [performance.now(), cache]
  const row = await read(world, digest)
  if (!row) return undefined
  const fresh: KnownKey = { actor: actorOfRow(row), row, at }
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

/** Whether a text can be a key's at all: of ours with its checksum, or one that somebody chose. Asked before any SQL. */
const couldBeKey = (text: string): boolean =>
  reservedPrefixes.some((prefix) => text.startsWith(prefix)) ? isKeyText(text) : faultOfText(text) === undefined

/** The key of a text, ended or not. Refuses INVALID_API_KEY: malformed, before any SQL, or unknown. */
export async function keyOfText(world: World, text: string): Promise<KnownKey> {
  if (!couldBeKey(text)) refuse('INVALID_API_KEY')
  return (await lookUp(world, text)) ?? refuse('INVALID_API_KEY')
}

/** Whether a key opens nothing: ended for good, or switched off. */
export const isEnded = ({ row, at }: KnownKey): boolean =>
  row.ended || (row.ms_left !== null && performance.now() - at >= row.ms_left)

/** Which bodies the access log keeps of this key's requests, until the time is over. */
export const loggingOf = ({ row, at }: KnownKey): Logging =>
  row.logging !== 'none' && row.logging_ms_left !== null && performance.now() - at < row.logging_ms_left
    ? row.logging
    : 'none'

/** Who a known key acts as. Refuses EXPIRED_API_KEY: revoked, disabled or expired. */
export const actorOfKnown = (key: KnownKey): KeyActor => (isEnded(key) ? refuse('EXPIRED_API_KEY') : key.actor)

/** The key behind a text, ready to act. Refuses INVALID_API_KEY and EXPIRED_API_KEY. */
export const actorOfKey = async (world: World, text: string): Promise<KeyActor> =>
  actorOfKnown(await keyOfText(world, text))
