import { z } from 'zod'
import './input-faults.ts'

const encoder = new TextEncoder()

const secrets = z.registry<{ secret: true }>()

/** Marks what must never be written down, not even by an access log that keeps bodies. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  secrets.add(schema as z.ZodType, { secret: true }) // every schema is one; a type parameter hides it from the registry
  return schema
}

/** Whether a schema, or the one it was refined from, is marked as secret; what it wraps is not looked at. */
export const isSecret = (schema: z.ZodType): boolean => secrets.get(schema) !== undefined

/** Length in bytes as UTF-8, which is what every size limit here counts. */
export const byteLength = (text: string): number => encoder.encode(text).length

const unstorable = /\p{Surrogate}|\0/u

/** True for text that comes back byte-exact: no lone surrogate, no NUL. */
export const isStorable = (text: string): boolean => !unstorable.test(text)

/** Text that survives storage, at most `max` bytes as UTF-8. */
export const text = (max: number) =>
  z
    .string()
    .max(max, { error: `Must be at most ${max} bytes.`, abort: true })
    .refine(isStorable, 'Must be well-formed Unicode without NUL.')
    // UTF-8 has at most three bytes for a UTF-16 unit: short text need not be encoded to know.
    .refine((value) => value.length * 3 <= max || byteLength(value) <= max, `Must be at most ${max} bytes.`)

/** An id: a plain ULID. Never a capability. */
export const id = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'Must be an id as this service returns it.')
  .meta({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', description: 'A ULID. Names something; opens nothing.' })

/** An instant, ISO 8601 in UTC with `Z`. */
export const time = z.iso
  .datetime()
  .refine((value) => !value.startsWith('0000'), 'There is no year 0.')
  .meta({ example: '2025-01-01T12:30:00.000Z', description: 'ISO 8601 in UTC, ending in `Z`.' })

const segment = /^[A-Za-z0-9._~:@=+-]{1,128}$/
const reservedLast = new Set(['pending', 'history'])

/** What is wrong with a key path, as a sentence; `undefined` when nothing is. */
function faultOfKeyPath(path: string): string | undefined {
  const segments = path.split('/')
  if (segments.length > 8) return 'Must have at most 8 segments.'
  if (segments.some((part) => part === ''))
    return 'Must not have an empty segment: no leading, trailing or double slash.'
  if (segments.some((part) => part === '.' || part === '..')) return 'Must not have a segment "." or "..".'
  if (!segments.every((part) => segment.test(part))) return 'Each segment takes 1 to 128 of A-Z a-z 0-9 . _ ~ : @ = + -'
  if (reservedLast.has(segments[segments.length - 1] ?? ''))
    return 'The last segment may not be "pending" or "history".'
  return undefined
}

/** A value's name (seed 0): 1–8 segments split by `/`, at most 512 characters; `pending` and `history` cannot be last. */
export const keyPath = z
  .string()
  .max(512, 'Must be at most 512 characters.')
  .superRefine((path, ctx) => {
    const fault = faultOfKeyPath(path)
    if (fault) ctx.addIssue({ code: 'custom', message: fault })
  })
  .meta({
    example: 'deploy/prod',
    // What a pattern without look-ahead can say of it; the rest is in the sentence.
    pattern: '^[A-Za-z0-9._~:@=+-]{1,128}(/[A-Za-z0-9._~:@=+-]{1,128}){0,7}$',
    description:
      'A value’s name: 1 to 8 segments split by `/`. No segment is `.` or `..`, and the last is not `pending` or `history`.',
  })

/** A stored value: text of at most 32 KiB. */
export const valueText = secret(
  text(32 * 1024).meta({ example: 'approved', description: 'Text of at most 32 KiB as UTF-8.' }),
)

/** Seconds that a read may wait for a change (long poll), 1–55. */
export const wait = z
  .number()
  .int()
  .min(1)
  .max(55)
  .meta({ example: 30, description: 'Seconds to wait for a change (long poll).' })

/** Button styles of seed 0, or a hex colour `#rrggbb`. */
export const style = z
  .string()
  .regex(/^(primary|secondary|danger|warning|info|default|#[0-9a-fA-F]{6})$/, 'Must be a preset style or #rrggbb.')
  .meta({
    example: 'primary',
    description: '`primary`, `secondary`, `danger`, `warning`, `info`, `default`, or a colour `#rrggbb`.',
  })

/** Page size of every list, 1–100. */
export const pageLimit = z.number().int().min(1).max(100).default(50).meta({ description: 'Items per page.' })

/** Where the next page starts; opaque, from `next_cursor` of the page before. */
export const cursor = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9_-]+$/, 'Must be a next_cursor as returned.')
  .meta({ description: '`next_cursor` of the page before.' })

/** The shape of every list. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Send it as `cursor` for the next page; null on the last.' }),
  })

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Counts the keys of a JSON value; `Infinity` when it is deeper than 8, has a forbidden key, or would not come back. */
function weigh(value: unknown, depth: number): number {
  if (typeof value === 'string') return isStorable(value) ? 0 : Number.POSITIVE_INFINITY
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.POSITIVE_INFINITY
  if (typeof value !== 'object' || value === null) return 0
  if (depth > 8) return Number.POSITIVE_INFINITY
  let keys = 0
  for (const key of Object.keys(value)) {
    if (forbiddenKeys.has(key) || !isStorable(key)) return Number.POSITIVE_INFINITY
    keys += 1 + weigh((value as Record<string, unknown>)[key], depth + 1)
  }
  return keys
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A JSON object of the caller's: at most 8 deep, 200 keys, 16 KiB, no `__proto__`, `constructor` or `prototype`. Looked at
 * before `record`, which would drop `__proto__` without a word.
 */
export const jsonObject = z
  .unknown()
  .meta({ type: 'object', additionalProperties: true })
  .refine(isObject, { message: 'Must be a JSON object.', abort: true })
  .refine((value) => weigh(value, 1) <= 200, {
    message: 'At most 8 levels, 200 keys, well-formed text, finite numbers, no __proto__.',
    abort: true,
  })
  .refine((value) => byteLength(JSON.stringify(value)) <= 16 * 1024, 'Must be at most 16 KiB.')
  .pipe(z.record(z.string(), z.unknown()))

/** Who did something: never more than a name and an id. */
export const actorRef = z
  .strictObject({
    type: z.enum(['visitor', 'person', 'key', 'agent', 'policy', 'system']),
    id: z.string().nullable(),
    name: z.string(),
  })
  .meta({ id: 'Actor', description: 'Who did something: never more than a name and an id.' })

export type ActorRef = z.infer<typeof actorRef>

/** Who an API key may be used by: exact addresses (seed 3) and CIDR networks, v4 and v6; an empty list allows nobody. */
export const allowlist = z
  .array(z.string().trim().max(50))
  .max(200)
  .meta({
    example: ['203.0.113.7', '10.0.0.0/8', '2001:db8::/32'],
    description:
      'IP addresses and CIDR networks, v4 and v6. Blank lines do not count. An empty list allows nobody; null anybody.',
  })
