import type { signIn } from '../shared/sign-in.ts'
import { Fault, faultIn, refusedIn } from './parts/fault.ts'

/** The sign-in's own routes (`/auth/*`): proving who one is, over plain HTTP with our error shape. */

type Route = keyof typeof signIn

type GetRoute = '/passkey/generate-authenticate-options' | '/passkey/generate-register-options'

/** Posts to a route below `/auth`; throws a `Fault`. */
async function ask<Answer>(method: 'GET' | 'POST', route: Route | GetRoute, body?: object): Promise<Answer> {
  const reply = await fetch(`/auth${route}`, {
    method,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => undefined)
  const text = await reply?.text().catch(() => '')
  const answer = read(text ?? '')
  // What a route answers is the sign-in library's word; each caller below names what it reads of it.
  if (reply?.ok) return answer as Answer
  const refused = refusedIn(answer)
  if (reply && refused) throw faultIn(refused, reply.headers.get('retry-after'))
  throw new Fault('UNREACHABLE', 'The service could not be reached.')
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a second factor is asked for before the browser is signed in. */
export type Proven = 'done' | 'second factor'

/** Signs in by e-mail address and password. */
export async function byPassword(email: string, password: string, rememberMe: boolean): Promise<Proven> {
  const answer = await ask<{ two_factor?: boolean }>('POST', '/sign-in/email', { email, password, rememberMe })
  return answer.two_factor ? 'second factor' : 'done'
}

/** The second factor: six digits of the app, or one of the backup codes. */
export const bySecondFactor = (code: string, kind: 'totp' | 'backup-code') =>
  ask('POST', `/two-factor/verify-${kind}`, { code })

/**
 * Signs in with a passkey. `quietly`: the browser offers passkeys in the e-mail field's autofill, and this waits until one
 * is chosen. Throws what the browser throws when the person changes their mind.
 */
export async function byPasskey(rememberMe: boolean, quietly = false): Promise<void> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = await ask<Parameters<typeof startAuthentication>[0]['optionsJSON']>(
    'GET',
    '/passkey/generate-authenticate-options',
  )
  const response = await startAuthentication({ optionsJSON, useBrowserAutofill: quietly })
  await ask('POST', '/passkey/verify-authentication', { response, rememberMe })
}

type GitHubTrip = {
  next: string
  failed: '/sign-in' | '/setup' | '/join'
  /** Of an invitation or of the set-up link. */
  ticket?: string | undefined
  rememberMe: boolean
}

/** Goes to GitHub; comes back to `next`, or to `failed` with `?error=CODE`. */
export async function byGitHub({ next, failed, ticket, rememberMe }: GitHubTrip): Promise<void> {
  const { url } = await ask<{ url: string }>('POST', '/sign-in/social', {
    provider: 'github',
    callbackURL: next,
    errorCallbackURL: failed,
    rememberMe,
    ...(ticket === undefined ? {} : { ticket }),
  })
  location.assign(url)
}

export const signOut = () => ask('POST', '/sign-out', {})

/** Mails a link to choose a new password; the answer is the same whether there is such an account. */
export const askForReset = (email: string) => ask('POST', '/request-password-reset', { email })

export const resetPassword = (token: string, newPassword: string) =>
  ask('POST', '/reset-password', { token, newPassword })

export const changePassword = (currentPassword: string, newPassword: string) =>
  ask('POST', '/change-password', { currentPassword, newPassword })

/** Makes a passkey of this browser or of a key that is plugged in. */
export async function addPasskey(name: string): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = await ask<Parameters<typeof startRegistration>[0]['optionsJSON']>(
    'GET',
    '/passkey/generate-register-options',
  )
  const response = await startRegistration({ optionsJSON })
  await ask('POST', '/passkey/verify-registration', { response, name })
}

export const removePasskey = (id: string) => ask('POST', '/passkey/delete-passkey', { id })

/** Begins the second factor; it counts once `bySecondFactor` has seen a code of the app. */
export const enableSecondFactor = (password: string) =>
  ask<{ totpURI: string; backupCodes: string[] }>('POST', '/two-factor/enable', { password })

export const disableSecondFactor = (password: string) => ask('POST', '/two-factor/disable', { password })

/** Makes new backup codes; the old ones end. */
export const newBackupCodes = (password: string) =>
  ask<{ backupCodes: string[] }>('POST', '/two-factor/generate-backup-codes', { password })
