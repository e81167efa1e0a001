import type { Header } from './shapes.ts'

const text = (description: string, example: string): Header => ({ description, schema: { type: 'string' }, example })
const count = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
})

/** Every header that a reply can carry and a program may want to read. */
export const headers = {
  'X-Request-Id': text('Names this request in our log.', '4f0c1f6e-2b7a-4a55-9a53-0d0a3c3a2b11'),
  'X-RateLimit-Limit': count('Requests that the rate class allows in its window.', 60),
  'X-RateLimit-Remaining': count('Requests that are left in this window.', 59),
  'X-RateLimit-Reset': count('Seconds until the window ends.', 60),
  RateLimit: text('What is left, as the IETF draft writes it.', '"approval-create";r=59;t=60'),
  'RateLimit-Policy': text('The rate class, as the IETF draft writes it.', '"approval-create";q=60;w=60'),
  'Retry-After': count('Seconds after which a retry can succeed. Absent: it never will.', 1),
  'WWW-Authenticate': text(
    'How to authenticate: Bearer, or Basic to clients of one-time secrets.',
    'Bearer realm="countersign"',
  ),
  Allow: text('The methods that this path takes.', 'GET, PUT, DELETE'),
  ETag: text('The version of the value.', '"2"'),
  'Idempotency-Replayed': text('`true` when this reply was stored by an earlier request.', 'true'),
  'Set-Cookie': text(
    'Names this visit, for the CSRF check; set when there is none.',
    '__Host-countersign_visit=9f86d081884c7d659a2feaa0c55ad015; Path=/; HttpOnly; SameSite=Lax; Secure',
  ),
} satisfies Record<string, Header>

export type HeaderName = keyof typeof headers

const rate: HeaderName[] = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit',
  'RateLimit-Policy',
]

/** References to headers, for one reply: those of every limited reply, and more. */
export const headersOf = (...more: HeaderName[]): Record<string, Header> =>
  Object.fromEntries(
    (['X-Request-Id', ...rate, ...more] as const).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  )
