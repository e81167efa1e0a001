import type { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { LimitClass } from '../limits.ts'
import type { Scope } from '../scopes.ts'

/**
 * One operation as data. The tRPC router, the REST routes and `openapi.json` are made from it; the verb of the same
 * name does it. Whatever HTTP needs to know beyond input and output is a flag here, so that no verb knows HTTP.
 */
export type Endpoint<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /**
   * Path below `/v1` (also served below `/api/v1`), with `{parameters}`; `{key_path}` spans slashes. Null: an operation
   * of the dashboard, over tRPC only, and not in the document.
   */
  path: `/${string}` | null
  tag: string
  summary: string
  description: string
  /**
   * `public`: anyone, no credential is read. `signed in`: a person, whatever projects they have. A scope: an API key
   * that holds it, or a signed-in person whose role in the project allows as much (`shared/roles.ts`).
   */
  access: 'public' | 'signed in' | Scope
  /** Scopes of which any one opens it as well; what is answered depends on which. */
  orAccess?: readonly Scope[]
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
  /** Media types of an answer that is sent as it is made: the verb answers `Streamed` (`server/verb.ts`). REST only. */
  streams?: readonly string[]
  /** A browser's session opens it over REST too; the query's `project` says which project is meant. */
  bySession?: true
  /** Other ways to the same operation that a seed's system has; served, and not in the document. */
  aliases?: readonly { method: Endpoint['method']; path: `/${string}` }[]
  /** Needs no key while one project of the instance takes guests: then it works in that project. */
  guests?: true
  /** The body is bytes, `application/octet-stream`, at most so many; the verb reads them from its context. REST only. */
  bytes?: number
  /** A visitor's session cookie is read, and set when there is none; unsafe methods also pass the CSRF check. */
  visit?: true
  /** The verb is given the text of the key that asks: what it keeps for that key alone is sealed under it. */
  keyText?: true
  /** Its clients know HTTP Basic (seed 4): a 401 asks for that. */
  basic?: true
  /** Answers 202 instead of 200 while the answer's `status` is `pending`. */
  accepts?: true
  /** Takes `Idempotency-Key`. */
  idempotent?: true
  /** A person must have proven who they are within the last ten minutes. Keys are not asked. */
  fresh?: true
  /** A key's maker must be an active admin of the project still (seed 3). */
  activeAdmin?: true
  /** Only a signed-in person, never a key, although the access is a scope. */
  peopleOnly?: true
}

/** Keeps the exact types of one entry. */
export const endpoint = <const Entry extends Endpoint>(entry: Entry): Entry => entry

type Inside = Pick<Endpoint, 'access' | 'input' | 'output'> & Partial<Pick<Endpoint, 'errors' | 'fresh' | 'limit'>>

const unseen = { path: null, tag: 'Dashboard', summary: '', description: '', example: {}, peopleOnly: true } as const
const asked = { ...unseen, method: 'GET', status: 200, limit: 'dashboard read', errors: [] } as const
const done = { ...unseen, method: 'POST', status: 200, limit: 'dashboard write', errors: [] } as const

/** What the entry says, and of the rest what such entries have in common. */
type Filled<Common, Entry> = Omit<Common, keyof Entry> & Entry

/** A question of the dashboard: over tRPC, by a signed-in person; never REST, not in the document. */
export const query = <const Entry extends Inside>(entry: Entry): Filled<typeof asked, Entry> => ({ ...asked, ...entry })

/** A change by the dashboard, likewise. */
export const mutation = <const Entry extends Inside>(entry: Entry): Filled<typeof done, Entry> => ({
  ...done,
  ...entry,
})

export type Feature = Readonly<Record<string, Endpoint>>
