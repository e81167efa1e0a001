import { randomBytes } from 'node:crypto'
import type { EventPayload } from '../../shared/events.ts'
import type { Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { asPerson, type Person, tellProjects } from './person.ts'
import { tokenDigest } from './session.ts'

/** Days after which a row ends whatever the settings say: the most that a project's settings allow. */
const most = { remembered: 90, ordinary: 7 }

export type SignInMethod = EventPayload<'person.signed_in'>['method']

export type Opening = {
  remembered?: boolean
  /** Undefined: the session takes the place of another one, and nobody signed in. */
  method?: SignInMethod | undefined
  token?: string
}

/** A session as it was made; `token` is only here. */
export type NewSession = { id: string; token: string; expires_at: Date; created_at: Date }

/** Opens a session, always a new one, and tells each of the person's projects. Within a transaction. */
export async function startSession(tx: Sql, ctx: Ctx, person: Person, opening: Opening): Promise<NewSession> {
  const { remembered = false, method, token = randomBytes(24).toString('base64url') } = opening
  const days = remembered ? most.remembered : most.ordinary
  const [row] = await tx<Omit<NewSession, 'token'>[]>`
    insert into sessions (id, person_id, token, expires_at, remembered, ip_address, user_agent)
    values (${newId()}, ${person.id}, ${tokenDigest(ctx.world, token)}, now() + make_interval(days => ${days}),
      ${remembered}, ${ctx.ip}, ${ctx.userAgent})
    returning id, expires_at, created_at`
  if (!row) throw new Error('A session was not made.')
  if (method) await tellProjects(tx, asPerson(ctx, person), person, 'person.signed_in', { method })
  return { ...row, token }
}

type Which = { digest: string } | { personId: string; id?: string; but?: string }

/** Ends sessions of one person, at once on every node, and tells their projects. Answers how many there were. */
export async function endSessions(tx: Sql, ctx: Ctx, which: Which, telling = true): Promise<number> {
  const condition =
    'digest' in which
      ? tx`token = ${which.digest}`
      : tx`person_id = ${which.personId} and id = coalesce(${which.id ?? null}, id) and id is distinct from ${which.but ?? null}`
  const ended = await tx<{ person_id: string }[]>`delete from sessions where ${condition} returning person_id`
  const [first] = ended
  const [person] = first ? await tx<Person[]>`select id, name, email from people where id = ${first.person_id}` : []
  if (telling && person)
    await tellProjects(tx, asPerson(ctx, person), person, 'person.signed_out', { sessions: ended.length })
  return ended.length
}

/** Removes sessions and steps of sign-ins that nobody can use any more; several nodes may do it at once. */
export async function purgeSignIns(sql: Sql): Promise<void> {
  await sql`delete from sessions where id in (
    select id from sessions where expires_at <= now() limit 5000 for update skip locked)`
  await sql`delete from verifications where id in (
    select id from verifications where expires_at <= now() limit 5000 for update skip locked)`
}
