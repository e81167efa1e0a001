/** Things are not as they would have to be: 409, and 410 for what is gone. tRPC knows no 410. */
export const state = {
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
} as const
