import { createHmac } from 'node:crypto'
import type { Fragment } from 'postgres'
import type { Role } from '../../shared/roles.ts'
import type { PersonActor, SignedIn } from '../context.ts'
import { hmac, sameText } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { perWorld, type World } from '../world.ts'

/** Minutes after a proof of who somebody is in which it counts as fresh. */
export const freshMinutes = 10

/** What a person is in one of their projects. */
type Membership = {
  project_id: string
  name: string
  role: Role
  test_id: string | null
  invited_by_key: string | null
}

type SessionRow = {
  id: string
  token: string
  person_id: string
  name: string
  email: string
  runs_instance: boolean
  remembered: boolean
  ms_left: number
  fresh_ms_left: number
  seen_ms_ago: number
  memberships: Membership[]
}

/** A row as it was read `at` (of performance.now). */
type Seen = { row: SessionRow; at: number }

const trustMs = 5000
const mostKnown = 10_000
const seenEveryMs = 60_000

/** How a session's token is stored: what the browser holds is nowhere in the database. */
export const tokenDigest = (world: World, token: string): string =>
  hmac(world.keys.pepper, `session ${token}`).toString('hex')

/** The secret of the sign-in library, which signs cookies with it. */
export const sessionSecret = (world: World): string => Buffer.from(world.keys.sessions).toString('hex')

/** A session cookie's value as the sign-in library writes it: the token, a dot, its HMAC-SHA-256 in base64. */
export const cookieOf = (world: World, token: string): string =>
  encodeURIComponent(`${token}.${createHmac('sha256', sessionSecret(world)).update(token).digest('base64')}`)

/** The token in a cookie's value, if we signed it. */
export function tokenIn(world: World, value: string): string | undefined {
  let text: string
  try {
    text = decodeURIComponent(value)
  } catch {
    return undefined
  }
  const token = text.slice(0, text.lastIndexOf('.'))
  return /^[A-Za-z0-9_-]{16,128}$/.test(token) && sameText(cookieOf(world, token), encodeURIComponent(text))
    ? token
    : undefined
}

/**
 * Sessions seen lately, dropped at once by NOTIFY when the session, the person, a membership or a project's settings
 * change, and not used while we cannot hear that: a revoked session is dead at its next request on every node.
 */
const known = perWorld((world) => {
  const cache = { rows: new Map<string, Seen>(), drops: 0 }
  world.wake.onChange((topic) => {
    if (topic !== undefined && !/^(session|person|project) /.test(topic)) return
    cache.drops++
    if (topic?.startsWith('session ')) cache.rows.delete(topic.slice(8))
    else if (topic?.startsWith('person ')) {
      for (const [digest, { row }] of cache.rows) if (row.person_id === topic.slice(7)) cache.rows.delete(digest)
    } else cache.rows.clear()
  })
  return cache
})

/** The strictest of a person's projects, as one row `rules`; of somebody without one: the defaults. */
const rulesOf = (sql: Sql, personId: Fragment): Fragment => sql`
  select coalesce(min(session_idle_minutes), 30) as idle, coalesce(min(session_hours), 12) as hours,
    coalesce(min(remember_days), 30) as days
  from memberships m join projects p on p.id = m.project_id
  where m.person_id = ${personId} and m.disabled_at is null`

/** When the session `s` ends by `rules`; idle time counts from its last use. */
const endOf = (sql: Sql): Fragment => sql`
  least(s.expires_at, case when s.remembered and days > 0 then s.created_at + make_interval(days => days)
    else least(s.created_at + make_interval(hours => hours), s.seen_at + make_interval(mins => idle)) end)`

/** Reads a session that can still be used; the database's clock decides, by the strictest of the person's projects. */
async function read(world: World, digest: string): Promise<SessionRow | undefined> {
  const { sql } = world.db
  const [row] = await sql<SessionRow[]>`
    with mine as (
      select coalesce(jsonb_agg(jsonb_build_object('project_id', m.project_id, 'name', p.name, 'role', m.role,
        'test_id', t.id, 'invited_by_key', m.invited_by_key) order by p.name), '[]') as memberships
      from sessions s
      join memberships m on m.person_id = s.person_id and m.disabled_at is null
      join projects p on p.id = m.project_id
      left join projects t on t.test_of = p.id
      where s.token = ${digest}
    ), rules as (${rulesOf(sql, sql`(select person_id from sessions where token = ${digest})`)}
    ), ends as (select s.*, ${endOf(sql)} as ends from sessions s, rules where s.token = ${digest})
    select e.id, e.token, e.person_id, e.remembered, p.name, p.email, p.runs_instance, memberships,
      extract(epoch from e.ends - now())::float8 * 1000 as ms_left,
      extract(epoch from e.proven_at + make_interval(mins => ${freshMinutes}) - now())::float8 * 1000 as fresh_ms_left,
      extract(epoch from now() - e.seen_at)::float8 * 1000 as seen_ms_ago
    from ends e join people p on p.id = e.person_id, mine where e.ends > now()`
  return row
}

/** A session as its person may see it. */
type Listed = {
  id: string
  created_at: Date
  seen_at: Date
  ends: Date
  remembered: boolean
  ip_address: string | null
  user_agent: string | null
}

/** The sessions of a person that can still be used, the last used first. */
export const openSessionsOf = ({ db: { sql } }: World, personId: string): Promise<Listed[]> => sql<Listed[]>`
  with rules as (${rulesOf(sql, sql`${personId}`)}),
    ends as (select s.*, ${endOf(sql)} as ends from sessions s, rules where s.person_id = ${personId})
  select id, created_at, seen_at, ends, remembered, ip_address, user_agent from ends where ends > now()
  order by seen_at desc, id desc`

/** Notes that a session is in use, at most once a minute. */
async function touch(world: World, seen: Seen): Promise<void> {
  if (seen.row.seen_ms_ago + performance.now() - seen.at < seenEveryMs) return
  seen.row.seen_ms_ago = seen.at - performance.now()
  await world.db.sql`update sessions set seen_at = now() where id = ${seen.row.id}`
}

async function lookUp(world: World, token: string): Promise<Seen | undefined> {
  const cache = known(world)
  const digest = tokenDigest(world, token)
  const seen = cache.rows.get(digest)
  if (seen && world.wake.isListening() && performance.now() - seen.at < Math.min(trustMs, seen.row.ms_left)) return seen
  const [at, { drops }] = [performance.now(), cache]
  const row = await read(world, digest)
  if (!row) return undefined
  const fresh = { row, at }
  if (cache.drops === drops) {
    if (cache.rows.size >= mostKnown) cache.rows.clear()
    cache.rows.set(digest, fresh)
  }
  return fresh
}

/** An open session: who it is, and what they are in their projects. */
export type OpenSession = { who: SignedIn; memberships: readonly Membership[]; remembered: boolean }

/** The session behind a cookie's value; undefined when there is none that can still be used. `unseen`: this is no use of it. */
export async function openSession(world: World, cookie: string, use?: 'unseen'): Promise<OpenSession | undefined> {
  const token = tokenIn(world, cookie)
  if (token === undefined) return undefined
  const seen = await lookUp(world, token)
  if (!seen) return undefined
  if (use !== 'unseen') await touch(world, seen)
  const { row, at } = seen
  const from = world.clock.now().getTime() - (performance.now() - at)
  const who: SignedIn = {
    type: 'person',
    id: row.person_id,
    name: row.name,
    email: row.email,
    runsInstance: row.runs_instance,
    sessionId: row.id,
    freshUntil: new Date(from + row.fresh_ms_left),
    sessionEnds: new Date(from + row.ms_left),
  }
  return { who, memberships: row.memberships, remembered: row.remembered }
}

/** The person in one of their projects, or in its twin with the test objects. */
export function memberIn({ who, memberships }: OpenSession, projectId: string): PersonActor | undefined {
  const found = memberships.find((one) => one.project_id === projectId || one.test_id === projectId)
  if (!found) return undefined
  return {
    ...who,
    projectId,
    liveProjectId: found.project_id,
    role: found.role,
    invitedByKey: found.invited_by_key,
    keyPaths: null,
  }
}
