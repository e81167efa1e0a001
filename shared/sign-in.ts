import { z } from 'zod'
import { email, password, ticket } from './people.ts'
import { id, text } from './words.ts'

/**
 * What the pages post to `/auth/…` as JSON, and what the server takes: nothing else. Answers are `{}` unless said
 * otherwise; refusals are shaped as everywhere.
 */

/** A path of our own to go back to: no other origin can be written this way, however it is encoded. */
export const ownPath = z
  .string()
  .max(1000)
  .regex(
    /^\/(?:[A-Za-z0-9_~.-]+(?:\/[A-Za-z0-9_~.-]+)*\/?)?(?:\?[A-Za-z0-9_~.=&+%-]*)?$/,
    'Must be a path of this service, as /p/inbox.',
  )

const code = z
  .string()
  .max(40)
  .transform((value) => value.replaceAll(/\s/g, ''))

/** A password to be checked, not set: a wrong one is no fault of its form. */
const known = text(800)

/** What a browser's WebAuthn call gives; the library of the server reads it. */
const credential = z.looseObject({ id: z.string().max(2000) })

/** Keeps the session 30 days (a project's settings may shorten or forbid it) instead of 12 hours. */
const rememberMe = z.boolean().default(false)

export const signIn = {
  /** Answers `{ two_factor: true }` when a code is asked for as well. */
  '/sign-in/email': z.strictObject({ email, password: known, rememberMe }),
  /** Answers `{ url }`, to which the page goes. `ticket` is of an invitation or of the set-up link. */
  '/sign-in/social': z.strictObject({
    provider: z.literal('github'),
    callbackURL: ownPath.default('/'),
    newUserCallbackURL: ownPath.optional(),
    /** Gets `?error=` and a code of `shared/errors.ts`. */
    errorCallbackURL: ownPath.default('/sign-in'),
    ticket: ticket.optional(),
    rememberMe,
  }),
  '/sign-out': z.strictObject({}),
  /** After `GET /auth/passkey/generate-authenticate-options`. */
  '/passkey/verify-authentication': z.strictObject({ response: credential, rememberMe }),
  /** After `GET /auth/passkey/generate-register-options`; answers `{ id, name }`. */
  '/passkey/verify-registration': z.strictObject({ response: credential, name: text(100).min(1) }),
  '/passkey/delete-passkey': z.strictObject({ id }),
  /** Answers `{ totpURI, backupCodes }`; on from the first `verify-totp`. */
  '/two-factor/enable': z.strictObject({ password: known }),
  '/two-factor/disable': z.strictObject({ password: known }),
  /** The second step of a sign-in, or of switching the second factor on. */
  '/two-factor/verify-totp': z.strictObject({ code }),
  '/two-factor/verify-backup-code': z.strictObject({ code }),
  /** Answers `{ backupCodes }`; the old ones end. */
  '/two-factor/generate-backup-codes': z.strictObject({ password: known }),
  /** The same answer whether there is such an account or not. */
  '/request-password-reset': z.strictObject({ email }),
  /** `token` is what stands after `#` in the mailed link to `/reset-password`. Every session of the account ends. */
  '/reset-password': z.strictObject({ token: z.string().regex(/^[A-Za-z0-9]{16,64}$/), newPassword: password }),
  /** Other sessions end. */
  '/change-password': z.strictObject({ currentPassword: known, newPassword: password }),
} as const

export type SignInRoute = keyof typeof signIn
