import type { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { LimitClass } from '../limits.ts'
import type { Scope } from '../scopes.ts'

/**
 * One operation as data. The tRPC router, the REST routes and `openapi.json` are made from it; the verb of the same
 * name does it. Whatever HTTP needs to know beyond input and output is a flag here, so that no verb knows HTTP.
 */
export type Endpoint<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below `/v1` (also served below `/api/v1`), with `{parameters}`; `{key_path}` spans slashes. */
  path: `/${string}`
  tag: string
  summary: string
  description: string
  /** `public`: anyone, no credential is read. A scope: an API key that holds it. */
  access: 'public' | Scope
  limit: LimitClass
  status: 200 | 201 | 204
  input: Input
  output: Output
  /** Codes the verb itself can answer; those of the pipeline (input, key, limit, outage) are added to the document. */
  errors: readonly ErrorCode[]
  /** An example of the request body (or query) and of the reply, shown in the document. */
  example: { input?: Record<string, unknown>; output?: unknown }
  /** Request headers that fill an input field: header name → field. */
  headers?: Readonly<Record<string, string>>
  /** The body is not a set of fields: it fills this one field, raw, whatever its content type. */
  rawBody?: string
  /** The reply stands for a stored value: JSON string, raw text or `?view=full`, with its version as ETag. */
  represents?: 'value'
  /** A visitor's session cookie is read, and set when there is none; unsafe methods also pass the CSRF check. */
  visit?: true
  /** Takes `Idempotency-Key`. */
  idempotent?: true
}

/** Keeps the exact types of one entry. */
export const endpoint = <const Entry extends Endpoint>(entry: Entry): Entry => entry

export type Feature = Readonly<Record<string, Endpoint>>
