import type { components } from './api.ts'

export type Fault = components['schemas']['Fault']

export type Facts = {
  code: string
  status?: number
  message: string
  requestId?: string | undefined
  issues?: Fault['issues']
  details?: Fault['details']
  retryAfter?: number | undefined
  cause?: unknown
}

/**
 * A no of the instance, or no answer at all. `code` is one of the API's (`INVALID_API_KEY`, `RATE_LIMITED`, …), or
 * `UNREACHABLE` (nothing came back), `TIMED_OUT` (nobody answered in time), `HTTP_<status>` (a proxy answered). Its classes are
 * for what programs do differently; every other no is a plain one.
 */
export class CountersignError extends Error {
  override readonly name: string = 'CountersignError'
  readonly code: string
  /** HTTP status; 0 when nothing came back. */
  readonly status: number
  /** What whoever runs the instance can look for. */
  readonly requestId: string | undefined
  /** Which fields were refused, for `INVALID_INPUT`. */
  readonly issues: Fault['issues']
  /** What a program may need beside the code, e.g. `attempts_left`. */
  readonly details: Fault['details']
  /** Seconds until another try can succeed, when the instance says so. */
  readonly retryAfter: number | undefined

  constructor({ code, status = 0, message, requestId, issues, details, retryAfter, cause }: Facts) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
    this.issues = issues
    this.details = details
    this.retryAfter = retryAfter
  }
}

/** 401: no key, an unknown one, or one that has ended. */
export class AuthenticationError extends CountersignError {
  override readonly name: string = 'AuthenticationError'
}

/** 403: understood, and refused. */
export class ForbiddenError extends CountersignError {
  override readonly name: string = 'ForbiddenError'
}

/** A person or a policy said no; `details.reason` is why, `details.id` which request. Do not act. */
export class PermissionDeniedError extends ForbiddenError {
  override readonly name: string = 'PermissionDeniedError'
}

/** The token is not that of the permission. */
export class InvalidTokenError extends ForbiddenError {
  override readonly name: string = 'InvalidTokenError'
}

/** 404: not there, or another project's. */
export class NotFoundError extends CountersignError {
  override readonly name: string = 'NotFoundError'
}

/** 400, 413, 415, 422: the request itself is wrong; `issues` names the fields. */
export class ValidationError extends CountersignError {
  override readonly name: string = 'ValidationError'
}

/** 410: the time to decide, or that of the token, is over. Not a no: ask again. */
export class PermissionExpiredError extends CountersignError {
  override readonly name: string = 'PermissionExpiredError'
}

/** 410: the token has been used as often as it may. */
export class TokenUsedError extends CountersignError {
  override readonly name: string = 'TokenUsedError'
}

/** 410: the permission was taken or given back. */
export class TokenRevokedError extends CountersignError {
  override readonly name: string = 'TokenRevokedError'
}

/** 429: too often; `retryAfter` says when. Without it something is locked, and no time unlocks it. */
export class RateLimitError extends CountersignError {
  override readonly name: string = 'RateLimitError'
}

/** 5xx: a fault of the instance or of what stands before it. */
export class ServerError extends CountersignError {
  override readonly name: string = 'ServerError'
}

/** Nothing came back. Of what is not repeated by itself, nobody knows whether it was done. */
export class NetworkError extends CountersignError {
  override readonly name: string = 'NetworkError'
}

/** Nobody answered within the `timeout` of a wait; what was asked may still be answered. */
export class TimeoutError extends CountersignError {
  override readonly name: string = 'TimeoutError'
}
