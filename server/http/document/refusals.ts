import type { Endpoint } from '../../../shared/contract/endpoint.ts'
import { type ErrorCode, errors } from '../../../shared/errors.ts'
import { liveOnly } from '../../../shared/scopes.ts'
import { sentencesOfBytes } from '../bytes.ts'
import { type HeaderName, headersOf } from './headers.ts'
import { type Answer, type Examples, oneOfTypes, type Schema } from './shapes.ts'

const catalogue = Object.keys(errors) as ErrorCode[] // the keys of a literal object are exactly its type's keys

/** Every code an entry can answer, in the catalogue's order: its verb's, and those of the pipeline before the verb. */
export function codesOf(entry: Endpoint): ErrorCode[] {
  const unsafe = entry.method !== 'GET'
  const can = new Set<ErrorCode>(['INVALID_INPUT', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE', ...entry.errors])
  const add = (when: boolean | undefined, ...codes: ErrorCode[]) => when && codes.forEach((code) => void can.add(code))
  add(unsafe, 'MALFORMED_BODY', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'CSRF_FAILED')
  add(entry.access !== 'public', 'AMBIGUOUS_CREDENTIALS', 'MISSING_API_KEY', 'INVALID_API_KEY', 'EXPIRED_API_KEY')
  add(entry.access !== 'public', 'INSUFFICIENT_SCOPE', 'TRANSPORT_NOT_ALLOWED', 'IP_NOT_ALLOWED')
  add(entry.bytes !== undefined, 'TOO_SLOW')
  add(entry.activeAdmin, 'MAKER_NOT_ADMIN')
  add(entry.access !== 'public' && entry.access !== 'signed in' && liveOnly.includes(entry.access), 'TEST_KEY')
  add(entry.bySession, 'SIGNED_OUT', 'INSUFFICIENT_ROLE', 'NOT_FOUND')
  add(entry.bySession && entry.fresh, 'SIGN_IN_AGAIN')
  // A spanning path may end in what is another operation's.
  add(unsafe && entry.path?.endsWith('{key_path}'), 'METHOD_NOT_ALLOWED')
  add(entry.idempotent, 'IDEMPOTENCY_IN_FLIGHT', 'IDEMPOTENCY_KEY_REUSED')
  return catalogue.filter((code) => can.has(code))
}

const titles: Record<number, string> = {
  400: 'The request is malformed or invalid.',
  401: 'There is no key, or none that counts.',
  403: 'Understood, and refused.',
  404: 'There is no such thing in this project.',
  405: 'The path takes other methods.',
  408: 'The request did not arrive in time.',
  409: 'Something else stands in the way.',
  410: 'It was there, and is over.',
  412: 'The condition does not hold.',
  413: 'The body is too large.',
  415: 'The body has a content type that is not read here.',
  422: 'The Idempotency-Key belongs to another request.',
  429: 'Too many requests, or locked.',
  500: 'A fault of ours.',
  503: 'Out of service for a moment.',
}

const more: Partial<Record<number, HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  409: ['Retry-After'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

const detailsOf: Partial<Record<ErrorCode, Record<string, unknown>>> = {
  INVALID_INPUT: { issues: [{ path: 'ttl_seconds', message: 'Must be at least 10.' }] },
  WRONG_PIN: { details: { attempts_left: 4 } },
  WRONG_MATCH_NUMBER: { details: { attempts_left: 4 } },
}

/** What an entry says with a code, where that is not the catalogue's sentence. */
type Said = Partial<Record<ErrorCode, string>>

const exampleOf = (code: ErrorCode, sentence: string) => ({
  error: sentence,
  message: sentence,
  code,
  request_id: '4f0c1f6e-2b7a-4a55-9a53-0d0a3c3a2b11',
  ...detailsOf[code],
})

/** A reply that refuses with one of these codes, which all have this status. */
function refusal(status: number, codes: readonly ErrorCode[], said: Said = {}): Answer {
  const sentenceOf = (code: ErrorCode) => said[code] ?? errors[code].sentence
  const examples: Examples = Object.fromEntries(
    codes.map((code) => [code, { summary: sentenceOf(code), value: exampleOf(code, sentenceOf(code)) }]),
  )
  const schema: Schema = {
    allOf: [
      { $ref: '#/components/schemas/Fault' },
      { type: 'object', properties: { code: { type: 'string', enum: codes } } },
    ],
  }
  const causes = codes.map((code) => `- \`${code}\`: ${sentenceOf(code)}`).join('\n')
  return {
    description: `${titles[status] ?? 'Refused.'}\n\n${causes}`,
    headers: headersOf(...(more[status] ?? [])),
    content: { 'application/json': { schema, examples } },
  }
}

const shared: Record<string, readonly ErrorCode[]> = {
  InvalidKey: ['MISSING_API_KEY', 'INVALID_API_KEY', 'EXPIRED_API_KEY'],
  MethodNotAllowed: ['METHOD_NOT_ALLOWED'],
  BodyTooLarge: ['BODY_TOO_LARGE'],
  UnsupportedMediaType: ['UNSUPPORTED_MEDIA_TYPE'],
  RateLimited: ['RATE_LIMITED'],
  Internal: ['INTERNAL'],
  Unavailable: ['UNAVAILABLE'],
}

const statusOf = (codes: readonly ErrorCode[]) => errors[codes[0] ?? 'INTERNAL'].status

/** The refusals that most operations share, to be referred to by name. */
export const sharedRefusals: Record<string, Answer> = Object.fromEntries(
  Object.entries(shared).map(([name, codes]) => [name, refusal(statusOf(codes), codes)]),
)

/** Every refusal an entry can answer, by status. */
export function refusalsOf(entry: Endpoint): Record<string, Answer | { $ref: string }> {
  const said: Said = entry.bytes === undefined ? {} : sentencesOfBytes(entry.bytes)
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codesOf(entry)) {
    const { status } = errors[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const own = codes.some((code) => code in said)
      const name = own ? undefined : Object.keys(shared).find((one) => shared[one]?.join() === codes.join())
      return [String(status), name ? { $ref: `#/components/responses/${name}` } : refusal(status, codes, said)]
    }),
  )
}

/** The body of every refusal; see `faultBody`. */
export const faultSchemas: Record<string, Schema> = {
  ErrorCode: { type: 'string', enum: catalogue, description: 'Every code this service can answer.' },
  Fault: {
    type: 'object',
    description: 'The body of every refusal.',
    properties: {
      error: { type: 'string', description: 'One sentence for a person.' },
      message: { type: 'string', description: 'The same sentence.' },
      code: { $ref: '#/components/schemas/ErrorCode' },
      request_id: { type: 'string', description: 'Names this request in our log.' },
      issues: {
        type: 'array',
        description: 'The fields that were refused.',
        items: {
          type: 'object',
          properties: {
            path: { type: 'string', description: 'Dotted, e.g. `actions.0.key`.' },
            message: { type: 'string' },
          },
          required: ['path', 'message'],
          additionalProperties: false,
        },
      },
      details: {
        type: 'object',
        description: 'What a program may need beside the code, e.g. `attempts_left`.',
        additionalProperties: oneOfTypes('string', 'number', 'boolean', 'null'),
      },
    },
    required: ['error', 'message', 'code', 'request_id'],
    additionalProperties: false,
  },
}
