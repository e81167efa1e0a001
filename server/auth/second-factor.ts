import { createOTP } from '@better-auth/utils/otp'
import { symmetricDecrypt } from 'better-auth/crypto'
import { refuse } from '../../shared/errors.ts'
import { tokenIn } from '../people/session.ts'
import type { World } from '../world.ts'
import { authOf } from './auth.ts'

const period = 30

/** The person whose sign-in waits for a code, by the cookie of its first step. */
export async function challenged(world: World, cookie: string | undefined): Promise<string | undefined> {
  const identifier = cookie === undefined ? undefined : tokenIn(world, cookie)
  if (identifier === undefined) return undefined
  const { internalAdapter } = await authOf(world).$context
  const step = await internalAdapter.findVerificationValue(identifier)
  return step && step.expiresAt > world.clock.now() ? step.value : undefined
}

/**
 * Spends the time step of a code before the library checks it: each step counts once, and none older than the last, on
 * every node (RFC 6238 5.2; the library accepts a code again while it lasts). A code of no step is left to the library,
 * which counts it as wrong. Refuses WRONG_CODE for one that was used.
 */
export async function spendCode(world: World, personId: string, code: string): Promise<void> {
  const { sql } = world.db
  const [row] = await sql<{ secret: string }[]>`select secret from two_factors where person_id = ${personId}`
  if (!row) return
  const { secretConfig } = await authOf(world).$context
  const otp = createOTP(await symmetricDecrypt({ key: secretConfig, data: row.secret }), { period, digits: 6 })
  const now = Math.floor(world.clock.now().getTime() / 1000 / period)
  for (const step of [now - 1, now, now + 1]) {
    if ((await otp.hotp(step)) !== code) continue
    const [spent] = await sql`
      update two_factors set last_step = ${step} where person_id = ${personId} and last_step < ${step} returning id`
    if (!spent) refuse('WRONG_CODE')
    return
  }
}
