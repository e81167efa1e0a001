import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins'
import { newId } from '../lib/id.ts'
import { sendMail } from '../mails/mail.ts'
import { cookiePrefix, isSecure, sessionCookieName } from '../people/cookie.ts'
import { checkPassword, hashPassword } from '../people/password.ts'
import { sessionSecret } from '../people/session.ts'
import { perWorld, type World } from '../world.ts'
import { theAsking } from './asking.ts'
import { github } from './github.ts'
import { storeOf } from './store.ts'

/** Seconds that a remembered session's cookie lives at most; the settings and the database decide earlier. */
export const rememberSeconds = 90 * 24 * 3600

/** The library asks for user verification and does not check it; a passkey without is a thing somebody found. */
const mustBeVerified = (verified: boolean | undefined): void => {
  if (verified !== true) throw new APIError('FORBIDDEN', { code: 'PASSKEY_REFUSED', message: 'Not verified.' })
}

const passkeys = (publicUrl: string) =>
  passkey({
    rpID: new URL(publicUrl).hostname,
    rpName: 'Countersign',
    origin: publicUrl,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: ({ verification }) => mustBeVerified(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: ({ verification }) => mustBeVerified(verification.authenticationInfo.userVerified),
    },
    advanced: { webAuthnChallengeCookie: 'passkey' },
    schema: { passkey: { fields: { userId: 'personId' } } },
  })

/** Seconds that the link of a mail to a new password works. */
const resetSeconds = 3600

/** Mails the link to a new password. The token stands after `#`: no browser sends it to anybody. */
async function mailReset(world: World, to: { email: string; name: string }, token: string): Promise<void> {
  const url = `${world.config.publicUrl}/reset-password#${token}`
  const expiresAt = new Date(world.clock.now().getTime() + resetSeconds * 1000).toISOString()
  const data = { name: to.name, url, expiresAt }
  await sendMail(world.db.sql, theAsking().ctx, to.email, { kind: 'password reset', data })
}

/**
 * The sign-in library, which answers who somebody is and nothing else. It reads no session that ours does not let it see,
 * caches nothing, counts nothing, and stores through `store.ts`.
 */
export const authOf = perWorld((world) => {
  const { publicUrl } = world.config
  return betterAuth({
    appName: 'Countersign',
    baseURL: publicUrl,
    basePath: '/auth',
    secret: sessionSecret(world),
    trustedOrigins: [publicUrl],
    database: storeOf(world),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    onAPIError: {
      errorURL: `${publicUrl}/sign-in`,
      onError: (fault) => {
        theAsking().fault = fault
      },
    },
    advanced: {
      database: { generateId: () => newId(), validateSchema: false },
      ipAddress: { disableIpTracking: true },
      // The name of each cookie begins with __Host- already; the library would put its own prefix before that.
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(publicUrl),
      defaultCookieAttributes: { secure: isSecure(publicUrl), httpOnly: true, sameSite: 'lax', path: '/' },
      cookies: { session_token: { name: sessionCookieName(publicUrl) } },
    },
    session: {
      expiresIn: rememberSeconds,
      disableSessionRefresh: true,
      freshAge: 0,
      cookieCache: { enabled: false },
      fields: { userId: 'personId' },
    },
    account: {
      fields: { userId: 'personId' },
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: true },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 800,
      password: { hash: hashPassword, verify: ({ hash, password }) => checkPassword(hash, password) },
      sendResetPassword: ({ user, token }) => mailReset(world, user, token),
      resetPasswordTokenExpiresIn: resetSeconds,
      revokeSessionsOnPasswordReset: true,
      // The mail arrived: the address is theirs.
      onPasswordReset: async ({ user }) =>
        void (await world.db.sql`update people set email_verified = true where id = ${user.id}`),
    },
    plugins: [
      passkeys(publicUrl),
      twoFactor({ issuer: 'Countersign', schema: { twoFactor: { fields: { userId: 'personId' } } } }),
      ...(world.config.github ? [github(world.config.github)] : []),
    ],
  })
})
