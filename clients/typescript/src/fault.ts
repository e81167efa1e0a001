import * as kinds from './error.ts'

type Kind = new (facts: kinds.Facts) => kinds.CountersignError

const byCode: Record<string, Kind> = {
  PERMISSION_DENIED: kinds.PermissionDeniedError,
  WRONG_TOKEN: kinds.InvalidTokenError,
  TOKEN_EXPIRED: kinds.PermissionExpiredError,
  TOKEN_USED: kinds.TokenUsedError,
  TOKEN_REVOKED: kinds.TokenRevokedError,
}

const byStatus: Record<number, Kind> = {
  400: kinds.ValidationError,
  401: kinds.AuthenticationError,
  403: kinds.ForbiddenError,
  404: kinds.NotFoundError,
  413: kinds.ValidationError,
  415: kinds.ValidationError,
  422: kinds.ValidationError,
  429: kinds.RateLimitError,
}

/** The instance's own error object; a proxy's page is none. */
const isFault = (body: unknown): body is kinds.Fault =>
  typeof body === 'object' && body !== null && 'code' in body && 'error' in body && typeof body.code === 'string'

/** Seconds that a reply asks to wait, from either form of `Retry-After` (RFC 9110 10.2.3); undefined when it says nothing. */
export function retryAfterOf({ headers }: Response): number | undefined {
  const told = headers.get('retry-after')
  if (told === null) return undefined
  const seconds = /^\d+$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

/** The error that a refusing reply stands for. */
export function errorOf(response: Response, body: unknown): kinds.CountersignError {
  const { status } = response
  const fault = isFault(body) ? body : undefined
  const code = fault?.code ?? `HTTP_${status}`
  const Made = byCode[code] ?? byStatus[status] ?? (status >= 500 ? kinds.ServerError : kinds.CountersignError)
  return new Made({
    code,
    status,
    message: fault?.error ?? `The server answered ${status}.`,
    requestId: fault?.request_id ?? response.headers.get('x-request-id') ?? undefined,
    issues: fault?.issues,
    details: fault?.details,
    retryAfter: retryAfterOf(response),
  })
}
