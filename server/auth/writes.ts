import type { EventPayload } from '../../shared/events.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { endSessions, type SignInMethod, startSession } from '../people/open-session.ts'
import { asPerson, type Person, tellProjects } from '../people/person.ts'
import type { World } from '../world.ts'
import { type Asking, theAsking } from './asking.ts'
import { joinByTicket } from './sign-up.ts'

/** What the library would write and we write instead: so that what it tells stands in the same commit. */

type Row = Person & { two_factor: boolean }

async function theirs(tx: Sql, personId: string): Promise<Row> {
  const [row] = await tx<Row[]>`
    select id, name, email, two_factor_enabled as two_factor from people where id = ${personId}`
  if (!row) throw new Error('There is no such person.')
  return row
}

const methods: Record<string, SignInMethod> = {
  '/sign-in/email': 'password',
  '/callback/github': 'github',
  '/passkey/verify-authentication': 'passkey',
  '/two-factor/verify-totp': 'two_factor',
  '/two-factor/verify-backup-code': 'two_factor',
}

/** How somebody signed in by this; undefined while a code is still asked for, or when a session only took another's place. */
function methodOf({ route, session }: Asking, person: Row): SignInMethod | undefined {
  if (route === '/sign-in/email' && person.two_factor) return undefined
  return route.startsWith('/two-factor/') && session ? undefined : methods[route]
}

/** Opens a session under the library's token. The one that the browser had before ends with it. */
export const openFor = (world: World, personId: string, token: string) =>
  atomically(world.db.sql, async (tx) => {
    const asking = theAsking()
    const person = await theirs(tx, personId)
    const method = methodOf(asking, person)
    if (method) await joinByTicket(tx, person)
    const made = await startSession(tx, asking.ctx, person, { remembered: asking.remembered, method, token })
    if (asking.session)
      await endSessions(tx, asking.ctx, { personId: asking.session.who.id, id: asking.session.who.sessionId }, false)
    return made
  })

/** Ends sessions; only a sign-out is told as one. */
export const end = (world: World, which: { digest: string } | { personId: string }) =>
  atomically(world.db.sql, (tx) => endSessions(tx, theAsking().ctx, which, theAsking().route === '/sign-out'))

type Change = EventPayload<'person.secured'>['change']

/** Changes how a person signs in, and tells it in the same commit. */
export const secure = (world: World, personId: string, change: Change, write: (tx: Sql) => Promise<unknown>) =>
  atomically(world.db.sql, async (tx) => {
    await write(tx)
    const person = await theirs(tx, personId)
    await tellProjects(tx, asPerson(theAsking().ctx, person), person, 'person.secured', { change })
  })

type Account = { userId: string; accountId: string; providerId: string; password?: string | null }

/** A way to sign in. What GitHub gave us to ask it with is not kept: it is not needed again. */
export async function addIdentity(world: World, { userId, accountId, providerId, password }: Account) {
  const id = newId()
  const change = providerId === 'github' ? 'github_linked' : 'password'
  await secure(
    world,
    userId,
    change,
    (tx) => tx`
      insert into identities (id, person_id, account_id, provider_id, password)
      values (${id}, ${userId}, ${accountId}, ${providerId}, ${password ?? null})`,
  )
  return id
}

/** Sets the password of a person who has one. */
export const changePassword = (world: World, personId: string, hash: string) =>
  secure(
    world,
    personId,
    'password',
    (tx) => tx`
      update identities set password = ${hash}, updated_at = now()
      where person_id = ${personId} and provider_id = 'credential'`,
  )

/** Switches the second factor on or off. */
export const setTwoFactor = (world: World, personId: string, on: boolean) =>
  secure(
    world,
    personId,
    on ? 'two_factor_on' : 'two_factor_off',
    (tx) => tx`update people set two_factor_enabled = ${on}, updated_at = now() where id = ${personId}`,
  )

export type NewPasskey = {
  name?: string
  publicKey: string
  userId: string
  credentialID: string
  counter: number
  deviceType: string
  backedUp: boolean
  transports: string
  aaguid: string
}

export async function addPasskey(world: World, passkey: NewPasskey) {
  const { name = null, publicKey, userId, credentialID, counter, deviceType, backedUp, transports, aaguid } = passkey
  const id = newId()
  await secure(
    world,
    userId,
    'passkey_added',
    (tx) => tx`
      insert into passkeys (id, name, public_key, person_id, credential_id, counter, device_type, backed_up, transports, aaguid)
      values (${id}, ${name}, ${publicKey}, ${userId}, ${credentialID}, ${counter}, ${deviceType}, ${backedUp}, ${transports}, ${aaguid})`,
  )
  return id
}

export const removePasskey = (world: World, personId: string, id: string) =>
  secure(
    world,
    personId,
    'passkey_removed',
    (tx) => tx`delete from passkeys where id = ${id} and person_id = ${personId}`,
  )
