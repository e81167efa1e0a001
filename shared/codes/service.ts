/** Not now, or not any more: 429, 500 and 503. */
export const service = {
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
