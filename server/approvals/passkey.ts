import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { refuse } from '../../shared/errors.ts'
import type { Ctx, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { ApprovalRow } from './approval.ts'

type Passkey = { credential_id: string; public_key: string; counter: number }

/** The ids of somebody's passkeys, as browsers know them (base64url). */
export async function passkeysOf(sql: Sql, personId: string): Promise<string[]> {
  const rows = await sql<{ credential_id: string }[]>`
    select credential_id from passkeys where person_id = ${personId} order by id`
  return rows.map((row) => row.credential_id)
}

/**
 * Checks that one of this person's passkeys signed the approval's `action_hash`, at our own address, with its user verified
 * (WebAuthn 7.2). Its counter moves on before anything is decided, conditionally, so of two who bring the same signature one
 * at most goes on. Passkeys that keep no counter say 0: what such a signature repeats is the same person's own decision of
 * the same approval.
 */
export async function provePasskey(
  ctx: Ctx,
  row: Pick<ApprovalRow, 'action_hash'>,
  person: PersonActor | undefined,
  given: Record<string, unknown> | undefined,
): Promise<void> {
  if (!person) return refuse('SIGN_IN_TO_DECIDE')
  const { sql } = ctx.world.db
  if (given === undefined) {
    if ((await passkeysOf(sql, person.id)).length > 0) refuse('PASSKEY_REQUIRED')
    refuse('PASSKEY_REQUIRED', {
      sentence: 'This asks for a passkey and you have none: add one in your account, then decide.',
    })
  }
  const [passkey] = await sql<Passkey[]>`
    select credential_id, public_key, counter from passkeys
    where credential_id = ${idIn(given)} and person_id = ${person.id}`
  const counter = passkey && (await counterOf(ctx, row, passkey, given))
  if (counter === undefined) return refuse('WRONG_PASSKEY')
  const [moved] = await sql`
    update passkeys set counter = ${counter}
    where credential_id = ${idIn(given)} and person_id = ${person.id}
      and (counter < ${counter} or (counter = 0 and ${counter} = 0))
    returning id`
  if (!moved) refuse('WRONG_PASSKEY')
}

/** Anything may stand there; what no browser says is the id of no passkey. */
const idIn = ({ id }: Record<string, unknown>): string => (typeof id === 'string' && /^[\w-]+$/.test(id) ? id : '')

/** The passkey's new counter when the answer of the browser holds; undefined when it does not. */
async function counterOf(
  { world }: Ctx,
  { action_hash }: Pick<ApprovalRow, 'action_hash'>,
  { credential_id: id, public_key, counter }: Passkey,
  given: Record<string, unknown>,
): Promise<number | undefined> {
  const { origin, hostname } = new URL(world.config.publicUrl)
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      // Anything may stand in it: the library checks each part, or throws over it.
      response: given as unknown as AuthenticationResponseJSON,
      expectedChallenge: Buffer.from(action_hash, 'hex').toString('base64url'),
      expectedOrigin: origin,
      expectedRPID: hostname,
      credential: { id, publicKey: new Uint8Array(Buffer.from(public_key, 'base64')), counter },
      requireUserVerification: true,
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}
