import { asked } from './codes/asked.ts'
import { service } from './codes/service.ts'
import { state } from './codes/state.ts'
import { who } from './codes/who.ts'

/**
 * Every way this service says no: code → tRPC code, HTTP status, and a sentence a person can act on.
 * The same codes stand in REST replies, in tRPC's `error.data`, and in `openapi.json`.
 */
export const errors = { ...asked, ...who, ...state, ...service } as const

export type ErrorCode = keyof typeof errors

/** What a program may need beside the code, e.g. `attempts_left`. Never a secret. */
export type RefusalDetails = Record<string, string | number | boolean | null>

/** One field of the request that was refused. `path` is dotted, e.g. `actions.0.key`. */
export type FieldIssue = { path: string; message: string }

export type RefusalOptions = {
  sentence?: string | undefined
  details?: RefusalDetails | undefined
  issues?: FieldIssue[] | undefined
  retryAfter?: number | undefined
  cause?: unknown
}

/** A no that the caller is meant to read. Anything else that is thrown is a fault of ours and answers INTERNAL. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: RefusalDetails | undefined
  readonly issues: FieldIssue[] | undefined
  /** Seconds until a retry can succeed; becomes `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(options.sentence ?? errors[code].sentence, { cause: options.cause })
    this.name = 'Refusal'
    this.code = code
    this.details = options.details
    this.issues = options.issues
    this.retryAfter = options.retryAfter
  }
}

/** Refuses with a code of the catalogue; the sentence may be made more exact, the code and status never differ. */
export function refuse(code: ErrorCode, options?: RefusalOptions): never {
  throw new Refusal(code, options)
}
