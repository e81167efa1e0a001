import { type ErrorCode, errors, Refusal } from '../../shared/errors.ts'

/** A code of ours, with the sentence where ours alone would not say it. */
type No = readonly [code: ErrorCode, sentence?: string]

const wrong: No = ['WRONG_SIGN_IN', 'The password is wrong.']
const startAgain: No = [
  'SIGNED_OUT',
  'The first step of this sign-in is too long ago, or had too many wrong codes; start again.',
]
const noFactor: No = ['NOT_FOUND', 'There is no second factor to do this with.']

/** The library's ways to say no, by its codes. */
const nos: Record<string, No> = {
  INVALID_EMAIL_OR_PASSWORD: ['WRONG_SIGN_IN'],
  INVALID_EMAIL: ['WRONG_SIGN_IN'],
  INVALID_PASSWORD: wrong,
  CREDENTIAL_ACCOUNT_NOT_FOUND: ['WRONG_SIGN_IN', 'This account has no password; reset it by mail to set one.'],
  UNAUTHORIZED: ['SIGNED_OUT'],
  INVALID_TOKEN: ['RESET_GONE'],
  TOKEN_EXPIRED: ['RESET_GONE'],
  INVALID_CODE: ['WRONG_CODE'],
  INVALID_BACKUP_CODE: ['WRONG_CODE'],
  INVALID_TWO_FACTOR_COOKIE: startAgain,
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: startAgain,
  ACCOUNT_TEMPORARILY_LOCKED: ['RATE_LIMITED', 'Too many wrong codes; wait 15 minutes.'],
  TOTP_ALREADY_ENABLED: ['TWO_FACTOR_ON'],
  TOTP_NOT_ENABLED: noFactor,
  TWO_FACTOR_NOT_ENABLED: noFactor,
  BACKUP_CODES_NOT_ENABLED: noFactor,
  PROVIDER_NOT_FOUND: ['NOT_FOUND', 'Sign-in with GitHub is not set up here.'],
  INVALID_ORIGIN: ['CSRF_FAILED'],
  MISSING_OR_NULL_ORIGIN: ['CSRF_FAILED'],
  CHALLENGE_NOT_FOUND: ['PASSKEY_REFUSED'],
  FAILED_TO_VERIFY_REGISTRATION: ['PASSKEY_REFUSED'],
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: ['PASSKEY_REFUSED'],
  AUTHENTICATION_FAILED: ['PASSKEY_REFUSED'],
  PASSKEY_NOT_FOUND: ['NOT_FOUND', 'This passkey is not known here; it may have been removed.'],
  email_not_found: ['GITHUB_UNVERIFIED'],
  account_not_linked: ['GITHUB_NOT_LINKED'],
}

const isOurs = (code: string): code is ErrorCode => Object.hasOwn(errors, code)

function noOf(code: string): No | undefined {
  if (isOurs(code)) return [code]
  return Object.hasOwn(nos, code) ? nos[code] : undefined
}

const seconds: Partial<Record<ErrorCode, number>> = { RATE_LIMITED: 900 }

/** What the library answered, as a refusal of ours; what it has no word for is a fault, with `cause` for the log. */
export function refusalFrom(code: unknown, cause: unknown): Refusal {
  const [ours, sentence] = (typeof code === 'string' && noOf(code)) || ['INTERNAL' as const]
  return new Refusal(ours, { sentence, retryAfter: seconds[ours], cause: ours === 'INTERNAL' ? cause : undefined })
}

/**
 * Where GitHub's round trip ends: an error becomes a code of our catalogue, and nothing else that the library or GitHub
 * wrote stays in the address.
 */
export function landing(location: string, publicUrl: string): string {
  const url = new URL(location, publicUrl)
  if (url.origin !== publicUrl) return '/sign-in?error=GITHUB_FAILED'
  const error = url.searchParams.get('error')
  if (error !== null) {
    url.searchParams.delete('error_description')
    url.searchParams.set('error', noOf(error)?.[0] ?? 'GITHUB_FAILED')
  }
  return `${url.pathname}${url.search}`
}
