/** What was asked cannot be read, is not valid, or is not there: 400, 404, 405, 408, 412, 413, 415, 422, 431. */
export const asked = {
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
  /** Unknown, read, burned, expired or under another passphrase: seed 4 tells none of them from the others. */
  UNKNOWN_SECRET: { trpc: 'NOT_FOUND', status: 404, sentence: 'Unknown secret' },
  NOT_FOUND: { trpc: 'NOT_FOUND', status: 404, sentence: 'Not found.' },
  METHOD_NOT_ALLOWED: {
    trpc: 'METHOD_NOT_SUPPORTED',
    status: 405,
    sentence: 'This path does not take that method; see the Allow header.',
  },
  TOO_SLOW: { trpc: 'TIMEOUT', status: 408, sentence: 'The request did not arrive in time.' },
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
} as const
