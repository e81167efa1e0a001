/**
 * Every way this service says no: code → tRPC code, HTTP status, and a sentence a person can act on.
 * The same codes stand in REST replies, in tRPC's `error.data`, and in `openapi.json`.
 */
export const errors = {
  INVALID_INPUT: { trpc: 'BAD_REQUEST', status: 400, sentence: 'The request has invalid fields; see issues.' },
  MALFORMED_BODY: { trpc: 'BAD_REQUEST', status: 400, sentence: 'The request body could not be read.' },
  MALFORMED_REQUEST: { trpc: 'BAD_REQUEST', status: 400, sentence: 'This is not HTTP as it can be read here.' },
  INVALID_ACTION_KEY: { trpc: 'BAD_REQUEST', status: 400, sentence: 'invalid action key' },
  PIN_REQUIRED: { trpc: 'BAD_REQUEST', status: 400, sentence: 'This approval asks for its PIN.' },
  MATCH_NUMBER_REQUIRED: {
    trpc: 'BAD_REQUEST',
    status: 400,
    sentence: 'This approval asks for the number that the requester shows.',
  },
  COMMENT_REQUIRED: { trpc: 'BAD_REQUEST', status: 400, sentence: 'This approval asks for a comment.' },
  SCOPE_WIDER: {
    trpc: 'BAD_REQUEST',
    status: 400,
    sentence: 'What is allowed must not be wider than what was asked; see issues.',
  },
  PASSKEY_REQUIRED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This approval asks for your passkey; add one to your account, or confirm with the one that you have.',
  },
  WRONG_PASSKEY: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The passkey did not prove that you decide this; try again.',
  },
  WRONG_RECEIPT: {
    trpc: 'BAD_REQUEST',
    status: 400,
    sentence: 'This is not a receipt of this approval: it was altered, or signed by somebody else.',
  },
  COMMENT_OFF: { trpc: 'BAD_REQUEST', status: 400, sentence: 'This approval takes no comment.' },
  AMBIGUOUS_CREDENTIALS: {
    trpc: 'BAD_REQUEST',
    status: 400,
    sentence: 'The request carries two different credentials; send one.',
  },
  MISSING_API_KEY: {
    trpc: 'UNAUTHORIZED',
    status: 401,
    sentence: 'No API key was provided; send Authorization: Bearer YOUR_API_KEY.',
  },
  INVALID_API_KEY: { trpc: 'UNAUTHORIZED', status: 401, sentence: 'The API key is malformed or does not exist.' },
  EXPIRED_API_KEY: { trpc: 'UNAUTHORIZED', status: 401, sentence: 'The API key has been revoked or has expired.' },
  SIGNED_OUT: { trpc: 'UNAUTHORIZED', status: 401, sentence: 'Sign in to do this.' },
  WRONG_SIGN_IN: { trpc: 'UNAUTHORIZED', status: 401, sentence: 'The e-mail address or the password is wrong.' },
  INSUFFICIENT_SCOPE: { trpc: 'FORBIDDEN', status: 403, sentence: 'The API key does not have the scope this needs.' },
  KEY_PATH_NOT_ALLOWED: { trpc: 'FORBIDDEN', status: 403, sentence: 'The API key may not touch this key path.' },
  INSUFFICIENT_ROLE: { trpc: 'FORBIDDEN', status: 403, sentence: 'Your role in this project does not allow this.' },
  SIGN_IN_AGAIN: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This asks for a sign-in of the last ten minutes; sign in again.',
  },
  MAKER_NOT_ADMIN: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'Whoever made this API key is no longer an active admin of the project; use a key of somebody who is.',
  },
  IP_NOT_ALLOWED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The API key may not be used from this IP address; see its allowlist and the project’s.',
  },
  TEST_KEY: { trpc: 'FORBIDDEN', status: 403, sentence: 'A test key cannot do this; it touches test objects only.' },
  ONLY_BY_APPROVAL: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This leaves only by an approval: create one with `release`, and read it there after the yes.',
  },
  ONLY_PEOPLE: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'Only signed-in people do this: approvers go by it.',
  },
  NOT_THE_ASKER: { trpc: 'FORBIDDEN', status: 403, sentence: 'Only the key that asked for this reads it.' },
  RELEASE_DENIED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'Nobody said yes to this, so nothing is released; ask again.',
  },
  NOT_AN_APPROVER: { trpc: 'FORBIDDEN', status: 403, sentence: 'You are not among those who may decide this.' },
  SIGN_IN_TO_DECIDE: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This approval is decided by a signed-in person; sign in and open the link again.',
  },
  WRONG_CODE: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The code is wrong, or it was used before; wait for the next one.',
  },
  PASSKEY_REFUSED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This passkey was not accepted; try again, or sign in another way.',
  },
  GITHUB_FAILED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'GitHub did not confirm this sign-in; start again from the sign-in page.',
  },
  GITHUB_UNVERIFIED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'GitHub has no verified primary e-mail address of yours; verify it there, then sign in again.',
  },
  GITHUB_NOT_LINKED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'There is an account with this address that never proved it by mail; sign in to it with its password.',
  },
  RESET_GONE: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This link was used or has expired; ask for a new one.',
  },
  SIGN_UP_CLOSED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'New accounts need an invitation here; ask an admin for one.',
  },
  INVITATION_GONE: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This invitation was used, revoked, or has expired; ask for a new one.',
  },
  INVITATION_OF_ANOTHER: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This invitation is for another e-mail address than the one you signed in with.',
  },
  TRANSPORT_NOT_ALLOWED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The API key may not arrive this way; send it in a header, or create it with this transport allowed.',
  },
  PASSPHRASE_REQUIRED: { trpc: 'FORBIDDEN', status: 403, sentence: 'This secret asks for its passphrase.' },
  WRONG_PASSPHRASE: { trpc: 'FORBIDDEN', status: 403, sentence: 'The passphrase is wrong. The secret is still there.' },
  WRONG_PIN: { trpc: 'FORBIDDEN', status: 403, sentence: 'The PIN is wrong.' },
  WRONG_MATCH_NUMBER: { trpc: 'FORBIDDEN', status: 403, sentence: 'The number does not match.' },
  PERMISSION_DENIED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The permission was denied; see reason, and do not act.',
  },
  WRONG_TOKEN: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'This is not the token of this permission; read it again with the key that asked.',
  },
  APPROVAL_USED: { trpc: 'FORBIDDEN', status: 403, sentence: 'This approval has already been used.' },
  APPROVAL_EXPIRED: { trpc: 'FORBIDDEN', status: 403, sentence: 'This approval has expired.' },
  APPROVAL_INVALIDATED: { trpc: 'FORBIDDEN', status: 403, sentence: 'This approval has been invalidated.' },
  CSRF_FAILED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The request did not come from its own page; open the link again.',
  },
  NOT_YOUR_ACCOUNT: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'You may use this account, not manage it; ask its owner or an admin.',
  },
  TAG_NOT_ALLOWED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The API key is limited to accounts with certain tags; give one of them.',
  },
  /** In an item of `accounts.codes`; never a whole reply. */
  CODES_USED_UP: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'All the codes this access was for have been given; ask for more.',
  },
  STEP_USED: {
    trpc: 'FORBIDDEN',
    status: 403,
    sentence: 'The code of this time step was given already; the next one comes with the next step.',
  },
  /** Unknown, read, burned, expired or under another passphrase: seed 4 tells none of them from the others. */
  UNKNOWN_SECRET: { trpc: 'NOT_FOUND', status: 404, sentence: 'Unknown secret' },
  NOT_FOUND: { trpc: 'NOT_FOUND', status: 404, sentence: 'Not found.' },
  METHOD_NOT_ALLOWED: {
    trpc: 'METHOD_NOT_SUPPORTED',
    status: 405,
    sentence: 'This path does not take that method; see the Allow header.',
  },
  TOO_SLOW: { trpc: 'TIMEOUT', status: 408, sentence: 'The request did not arrive in time.' },
  NAME_TAKEN: { trpc: 'CONFLICT', status: 409, sentence: 'This name is taken; choose another.' },
  KEY_TAKEN: { trpc: 'CONFLICT', status: 409, sentence: 'This text is or was the text of a key; choose another.' },
  KEY_ENDED: { trpc: 'CONFLICT', status: 409, sentence: 'This key was revoked or has expired; make a new one.' },
  LOCK_OUT: {
    trpc: 'CONFLICT',
    status: 409,
    sentence:
      'This allowlist would lock out the address this request came from; add it, or confirm with allow_lockout.',
  },
  LAST_OWNER: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project keeps at least one owner; make somebody else an owner first.',
  },
  ALREADY_MEMBER: { trpc: 'CONFLICT', status: 409, sentence: 'This person is a member of the project already.' },
  TWO_FACTOR_ON: { trpc: 'CONFLICT', status: 409, sentence: 'A second factor is on already; switch it off first.' },
  SETUP_DONE: { trpc: 'CONFLICT', status: 409, sentence: 'This instance is set up already; sign in.' },
  MAIL_OFF: { trpc: 'CONFLICT', status: 409, sentence: 'No mail can be sent here: SMTP_URL is not set.' },
  GUESTS_TAKEN: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'Another project of this instance takes guests; switch it off there first.',
  },
  ASK_ENDED: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'This link asks for nothing any more: it was answered, cancelled, or its time is up.',
  },
  ACTION_CHANGED: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'The decision names another text than the one stored; load the approval again.',
  },
  APPROVAL_PENDING: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'This approval is not decided yet; wait for it.',
  },
  NOTHING_TO_RELEASE: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'This approval releases nothing; create one with `release`.',
  },
  NO_RECEIPT: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'Nobody decided this, so there is no receipt of it.',
  },
  RECEIPT_USED: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'This receipt has been used already; a receipt counts once.',
  },
  TOO_MANY_PENDING: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'Three requests with a number wait for this approver already; wait until one is decided.',
  },
  PERMISSION_PENDING: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'Nobody has answered this request yet; wait for it.',
  },
  TOO_MANY_POLICIES: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project has at most 200 policies; delete one that is no longer needed.',
  },
  TOO_MANY_WEBHOOKS: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project has at most 20 webhooks; delete one that is no longer needed.',
  },
  WEBHOOK_DISABLED: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'This webhook is disabled; enable it, then send again.',
  },
  TOO_MANY_CHANNELS: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project has at most 20 channels; delete one that is no longer needed.',
  },
  TOO_MANY_BROWSERS: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'You have 10 browsers here that are notified; remove one that you no longer use.',
  },
  TOO_MANY_SECRETS: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project has at most 500 release-only secrets; delete one that is no longer needed.',
  },
  TOO_MANY_GUARDS: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A project marks at most 200 paths; mark one above them instead.',
  },
  // tRPC knows no 410.
  RELEASE_USED: {
    trpc: 'PRECONDITION_FAILED',
    status: 410,
    sentence: 'What this approval releases has been read already; ask again.',
  },
  RELEASE_EXPIRED: {
    trpc: 'PRECONDITION_FAILED',
    status: 410,
    sentence: 'The time to read what this approval releases is over; ask again.',
  },
  TOKEN_USED: { trpc: 'PRECONDITION_FAILED', status: 410, sentence: 'This token has been used; ask again.' },
  TOKEN_EXPIRED: { trpc: 'PRECONDITION_FAILED', status: 410, sentence: 'This permission has expired; ask again.' },
  TOKEN_REVOKED: { trpc: 'PRECONDITION_FAILED', status: 410, sentence: 'This permission was revoked; ask again.' },
  IDEMPOTENCY_IN_FLIGHT: {
    trpc: 'CONFLICT',
    status: 409,
    sentence: 'A request with this Idempotency-Key is still in flight; try again shortly.',
  },
  VERSION_MISMATCH: {
    trpc: 'PRECONDITION_FAILED',
    status: 412,
    sentence: 'The value has another version than the one your condition names; read it again.',
  },
  BODY_TOO_LARGE: { trpc: 'PAYLOAD_TOO_LARGE', status: 413, sentence: 'The request body is larger than 64 KiB.' },
  UNSUPPORTED_MEDIA_TYPE: {
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    sentence: 'Send JSON, application/x-www-form-urlencoded or multipart/form-data.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    trpc: 'UNPROCESSABLE_CONTENT',
    status: 422,
    sentence: 'This Idempotency-Key was used with another body; use a new one.',
  },
  HEADERS_TOO_LARGE: { trpc: 'BAD_REQUEST', status: 431, sentence: 'The request headers are larger than 16 KiB.' },
  RATE_LIMITED: { trpc: 'TOO_MANY_REQUESTS', status: 429, sentence: 'Too many requests; wait and try again.' },
  LOCKED: {
    trpc: 'TOO_MANY_REQUESTS',
    status: 429,
    sentence: 'This approval is locked after five wrong attempts; ask for a new one.',
  },
  INTERNAL: { trpc: 'INTERNAL_SERVER_ERROR', status: 500, sentence: 'Something went wrong on our side.' },
  KEY_MISSING: {
    trpc: 'SERVICE_UNAVAILABLE',
    status: 503,
    sentence:
      'This cannot be decrypted right now: a key is missing on this server. Nothing is lost and the link is intact; tell whoever runs it.',
  },
  UNAVAILABLE: {
    trpc: 'SERVICE_UNAVAILABLE',
    status: 503,
    sentence: 'The service is not available right now; try again shortly.',
  },
} as const

export type ErrorCode = keyof typeof errors

/** What a program may need beside the code, e.g. `attempts_left`. Never a secret. */
export type RefusalDetails = Record<string, string | number | boolean | null>

/** One field of the request that was refused. `path` is dotted, e.g. `actions.0.key`. */
export type FieldIssue = { path: string; message: string }

export type RefusalOptions = {
  sentence?: string | undefined
  details?: RefusalDetails | undefined
  issues?: FieldIssue[] | undefined
  retryAfter?: number | undefined
  cause?: unknown
}

/** A no that the caller is meant to read. Anything else that is thrown is a fault of ours and answers INTERNAL. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: RefusalDetails | undefined
  readonly issues: FieldIssue[] | undefined
  /** Seconds until a retry can succeed; becomes `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(options.sentence ?? errors[code].sentence, { cause: options.cause })
    this.name = 'Refusal'
    this.code = code
    this.details = options.details
    this.issues = options.issues
    this.retryAfter = options.retryAfter
  }
}

/** Refuses with a code of the catalogue; the sentence may be made more exact, the code and status never differ. */
export function refuse(code: ErrorCode, options?: RefusalOptions): never {
  throw new Refusal(code, options)
}
