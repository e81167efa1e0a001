import { type SignInRoute, signIn } from '../../shared/sign-in.ts'

/** One address below `/auth` that the library answers; every other one there is not found. */
export type Route = {
  method: 'GET' | 'POST'
  path: string
  /** A session that can still be used, or one whose person proved who they are within the last ten minutes. */
  needs?: 'session' | 'fresh'
  /** Signs somebody in: the session that the browser had is not shown to the library, and ends. */
  opens?: true
  /** Counts as a guess at a password of one account: of the address in the body, or of whoever is signed in. */
  guesses?: true
  /** What is answered of what the library answers: nothing but what the page needs, and never a token. */
  answer?: (body: Record<string, unknown>) => Record<string, unknown>
}

const pick =
  (...names: string[]) =>
  (body: Record<string, unknown>) =>
    Object.fromEntries(names.flatMap((name) => (name in body ? [[name, body[name]]] : [])))

const posts: { [Path in SignInRoute]: Omit<Route, 'method' | 'path'> } = {
  '/sign-in/email': {
    opens: true,
    guesses: true,
    answer: ({ twoFactorRedirect }) => (twoFactorRedirect === true ? { two_factor: true } : {}),
  },
  '/sign-in/social': { opens: true, answer: pick('url') },
  '/sign-out': {},
  '/passkey/verify-authentication': { opens: true },
  '/passkey/verify-registration': { needs: 'fresh', answer: pick('id', 'name') },
  '/passkey/delete-passkey': { needs: 'fresh' },
  '/two-factor/enable': { needs: 'fresh', guesses: true, answer: pick('totpURI', 'backupCodes') },
  '/two-factor/disable': { needs: 'fresh', guesses: true },
  '/two-factor/verify-totp': {},
  '/two-factor/verify-backup-code': {},
  '/two-factor/generate-backup-codes': { needs: 'fresh', guesses: true, answer: pick('backupCodes') },
  '/request-password-reset': { guesses: true },
  '/reset-password': {},
  '/change-password': { needs: 'session', guesses: true },
}

const gets: readonly Route[] = [
  { method: 'GET', path: '/callback/github', opens: true },
  { method: 'GET', path: '/passkey/generate-register-options', needs: 'fresh', answer: (options) => options },
  {
    method: 'GET',
    path: '/passkey/generate-authenticate-options',
    opens: true,
    // The library only prefers what it then asks for (see `mustBeVerified`).
    answer: (options) => ({ ...options, userVerification: 'required' }),
  },
]

const names = Object.keys(signIn) as SignInRoute[] // the keys of a literal object are exactly its type's keys

export const routes: readonly Route[] = [
  ...gets,
  ...names.map((path): Route => ({ method: 'POST', path, ...posts[path] })),
]
