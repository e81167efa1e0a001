import { z } from 'zod'
import { isSecret } from '../../shared/words.ts'

const mostBytes = 16 * 1024
const removed = '[removed]'

/** The schema inside what only makes a field optional, nullable, or otherwise leaves its shape as it is. */
function inside(schema: z.ZodType): z.ZodType {
  if (isSecret(schema)) return schema
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return inside(schema.unwrap() as z.ZodType) // the library types the inside as its core's schema
  return schema
}

const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)

/**
 * What may be written down of a body, by the schema it was meant for: fields marked as secret are taken out, and so is
 * everything that the schema does not name or would not take, since nobody knows what it is.
 */
export function redacted(schema: z.ZodType, value: unknown): unknown {
  const bare = inside(schema)
  if (value === null || value === undefined) return value
  if (isSecret(bare)) return removed
  if (bare instanceof z.ZodObject && typeof value === 'object' && !Array.isArray(value)) {
    const shape: Record<string, z.ZodType> = bare.shape
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, field]) => {
        const known = Object.hasOwn(shape, name) ? shape[name] : undefined
        return known ? [[name, redacted(known, field)]] : []
      }),
    )
  }
  if (bare instanceof z.ZodArray && Array.isArray(value))
    return value.slice(0, 1000).map((one) => redacted(bare.element as z.ZodType, one)) // as above
  const isLeaf = !(bare instanceof z.ZodUnknown || bare instanceof z.ZodAny)
  return isLeaf && isPlain(value) && bare.safeParse(value).success ? value : removed
}

/** A redacted body as the log keeps it: JSON text, cut at 16 KiB. */
export function bodyText(body: unknown): string {
  const text = JSON.stringify(body)
  const bytes = Buffer.from(text)
  return bytes.length <= mostBytes ? text : bytes.subarray(0, mostBytes).toString()
}
