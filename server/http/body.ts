import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { refuse } from '../../shared/errors.ts'
import { type Credential, takeCredential } from './credentials.ts'

/** A body's fields, and the credentials that were among them. */
export type Body = { fields: Map<string, unknown>; credentials: Credential[] }

const nothing = (): Body => ({ fields: new Map(), credentials: [] })

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return refuse('MALFORMED_BODY', { sentence: 'The request body is not UTF-8.' })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuse('MALFORMED_BODY', { sentence: 'The request body is not valid JSON.' })
  }
}

/** A body that is one JSON value. Refuses MALFORMED_BODY. */
export const jsonIn = (bytes: Buffer): unknown => jsonOf(textOf(bytes))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Pairs as fields; a name that comes twice is refused, since nobody could say which was meant. */
export function fieldsOf(pairs: Iterable<[string, unknown]>): Map<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const [name, value] of pairs) {
    if (fields.has(name)) refuse('INVALID_INPUT', { issues: [{ path: name.slice(0, 80), message: 'Given twice.' }] })
    fields.set(name, value)
  }
  return fields
}

/** The pairs of a query or a form. Escapes that are broken or no UTF-8 are refused: read leniently they would change the text. */
export function pairsOf(text: string): URLSearchParams {
  try {
    if (text.includes('%')) decodeURIComponent(text)
  } catch {
    refuse('INVALID_INPUT', { sentence: 'A percent-encoding in the query or form is broken or no UTF-8.' })
  }
  return new URLSearchParams(text)
}

/** A request body that is a set of fields: JSON, urlencoded or multipart; none at all needs no content type. */
export async function readFields(bytes: Buffer | undefined, contentType: string | undefined): Promise<Body> {
  if (!bytes || bytes.length === 0) return nothing()
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || type.endsWith('+json')) {
    const value = jsonOf(textOf(bytes))
    if (!isObject(value)) return refuse('INVALID_INPUT', { sentence: 'The JSON body must be an object.' })
    const fields = new Map(Object.entries(value))
    return { fields, credentials: takeCredential(fields, 'API_Key', 'json') }
  }
  if (type === 'application/x-www-form-urlencoded') {
    const fields = fieldsOf(pairsOf(textOf(bytes)))
    return { fields, credentials: takeCredential(fields, 'key', 'form') }
  }
  if (type === 'multipart/form-data') return { fields: await readMultipart(bytes, contentType ?? ''), credentials: [] }
  return refuse('UNSUPPORTED_MEDIA_TYPE')
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<Map<string, unknown>> {
  textOf(bytes)
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => refuse('MALFORMED_BODY', { sentence: 'The multipart body could not be read.' }))
  for (const [name, value] of form)
    if (typeof value !== 'string')
      refuse('INVALID_INPUT', { issues: [{ path: name.slice(0, 80), message: 'Files are not taken here.' }] })
  return fieldsOf(form)
}

const isScalar = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)

/** A number that JavaScript cannot hold comes out as another one. */
const isLost = (value: unknown) =>
  typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))

/**
 * A raw body as the one field it fills (seed 0's `-d 'deployed'` comes with a form content type). JSON is read as a
 * scalar or `{"value": scalar}`; any scalar is kept as text, a bare number to the letter.
 */
export function readRaw(bytes: Buffer | undefined, contentType: string | undefined, field: string): Body {
  const text = textOf(bytes ?? Buffer.alloc(0))
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return { fields: new Map([[field, text]]), credentials: [] }
  const value = jsonOf(text)
  if (isScalar(value)) return raw(field, typeof value === 'string' ? value : text.trim())
  if (!isObject(value)) return refuse('INVALID_INPUT', { sentence: 'Send a JSON scalar or {"value": …}.' })
  const fields = new Map(Object.entries(value))
  const credentials = takeCredential(fields, 'API_Key', 'json')
  const inner = fields.get('value')
  if (fields.size !== 1 || !fields.has('value') || !isScalar(inner))
    return refuse('INVALID_INPUT', { sentence: 'Send a JSON scalar or {"value": scalar}, with no other field.' })
  if (isLost(inner)) return refuse('INVALID_INPUT', { sentence: 'The number is too large; send it as a string.' })
  return { fields: raw(field, String(inner)).fields, credentials }
}

const raw = (field: string, value: string): Body => ({ fields: new Map([[field, value]]), credentials: [] })

/** Reads the body as the entry wants it. */
export const readBody = (entry: Endpoint, bytes: Buffer | undefined, contentType: string | undefined) =>
  entry.rawBody === undefined ? readFields(bytes, contentType) : readRaw(bytes, contentType, entry.rawBody)
