import { TRPCClientError } from '@trpc/client'
import type { ErrorCode, FieldIssue, RefusalDetails } from '../../shared/errors.ts'

/** Why something did not work, as a page needs it. `UNREACHABLE`: no answer of the service came back. */
export class Fault extends Error {
  readonly code: ErrorCode | 'UNREACHABLE'
  readonly requestId: string | undefined
  /** Seconds until a retry can succeed. */
  readonly retryAfter: number | undefined
  /** Wrong PINs or numbers that are left before the approval locks. */
  readonly attemptsLeft: number | undefined
  /** Fields that were refused; `path` is dotted. */
  readonly issues: readonly FieldIssue[]
  /** What else was said, e.g. which role is needed. */
  readonly details: RefusalDetails
  /** When it happened, by this browser's clock, in ms. */
  readonly at = Date.now()

  constructor(
    code: Fault['code'],
    message: string,
    rest: {
      requestId?: string
      retryAfter?: number
      attemptsLeft?: number
      issues?: readonly FieldIssue[]
      details?: RefusalDetails
    } = {},
  ) {
    super(message)
    this.name = 'Fault'
    this.code = code
    this.requestId = rest.requestId
    this.retryAfter = rest.retryAfter
    this.attemptsLeft = rest.attemptsLeft
    this.issues = rest.issues ?? []
    this.details = rest.details ?? {}
  }
}

/** The error object that both doors answer with; over tRPC it stands in `error.data`. */
export type Refused = {
  error: string
  code: ErrorCode
  request_id?: string
  issues?: FieldIssue[]
  details?: RefusalDetails
}

/** The error object in a reply's body, if it is one of ours. */
export function refusedIn(data: unknown): Refused | undefined {
  if (typeof data !== 'object' || data === null || !('code' in data) || !('error' in data)) return undefined
  // The shape is our own server's, and the two fields that decide were just seen.
  return data as Refused
}

/** Reads what a failed call says. A proxy's page or a dropped line counts as unreachable. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  const refused = error instanceof TRPCClientError ? refusedIn(error.data) : undefined
  if (!refused) return new Fault('UNREACHABLE', 'The service could not be reached.')
  const response = error instanceof TRPCClientError ? error.meta?.response : undefined
  return faultIn(refused, response instanceof Response ? response.headers.get('retry-after') : null)
}

/** The fault that a reply tells of. `wait`: its Retry-After. */
export function faultIn(refused: Refused, wait: string | null): Fault {
  const attemptsLeft = refused.details?.attempts_left
  const retryAfter = secondsOf(wait)
  return new Fault(refused.code, refused.error, {
    ...(refused.request_id === undefined ? {} : { requestId: refused.request_id }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(typeof attemptsLeft === 'number' ? { attemptsLeft } : {}),
    ...(refused.issues ? { issues: refused.issues } : {}),
    ...(refused.details ? { details: refused.details } : {}),
  })
}

function secondsOf(header: string | null): number | undefined {
  const seconds = Number(header)
  return header && Number.isFinite(seconds) ? seconds : undefined
}
