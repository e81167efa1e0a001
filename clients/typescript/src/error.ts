import type { components } from './api.ts'

type Fault = components['schemas']['Fault']

type Facts = {
  code: string
  status?: number
  message: string
  requestId?: string | undefined
  issues?: Fault['issues']
  details?: Fault['details']
  cause?: unknown
}

/**
 * A no of the instance, or no answer at all. `code` is one of the API's (`INVALID_API_KEY`, `RATE_LIMITED`, …), or
 * `UNREACHABLE` (nothing came back), `TIMED_OUT` (`waitFor` met its timeout), `HTTP_<status>` (a proxy answered).
 */
export class CountersignError extends Error {
  readonly code: string
  /** HTTP status; 0 when nothing came back. */
  readonly status: number
  /** What whoever runs the instance can look for. */
  readonly requestId: string | undefined
  /** Which fields were refused, for `INVALID_INPUT`. */
  readonly issues: Fault['issues']
  /** What a program may need beside the code, e.g. `attempts_left`. */
  readonly details: Fault['details']

  constructor({ code, status = 0, message, requestId, issues, details, cause }: Facts) {
    super(message, { cause })
    this.name = 'CountersignError'
    this.code = code
    this.status = status
    this.requestId = requestId
    this.issues = issues
    this.details = details
  }
}

/** The instance's own error object; a proxy's page is none. */
const isFault = (body: unknown): body is Fault =>
  typeof body === 'object' && body !== null && 'code' in body && 'error' in body && typeof body.code === 'string'

/** The error that a refusing reply stands for. */
export function errorOf(response: Response, body: unknown): CountersignError {
  const { status } = response
  const requestId = response.headers.get('x-request-id') ?? undefined
  if (!isFault(body))
    return new CountersignError({
      code: `HTTP_${status}`,
      status,
      requestId,
      message: `The server answered ${status}.`,
    })
  const { code, error, issues, details } = body
  return new CountersignError({
    code,
    status,
    message: error,
    requestId: body.request_id ?? requestId,
    issues,
    details,
  })
}
