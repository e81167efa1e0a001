/** Whoever asks is not known, or may not do this: 401 and 403. */
export const who = {
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
} as const
