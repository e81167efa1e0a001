import { TRPCError } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { ZodError } from 'zod'
import { type ErrorCode, errors, type FieldIssue, Refusal, type RefusalDetails } from '../../shared/errors.ts'
import { isDatabaseAway } from '../lib/deadline.ts'

/** How every refusal and fault is told, by REST as the body and by tRPC in `error.data`. Never SQL, a stack or a secret. */
export type FaultBody = {
  error: string
  message: string
  code: ErrorCode
  request_id: string
  issues?: FieldIssue[]
  details?: RefusalDetails
}

/** One line per field; an unknown field is named. */
function issuesOf(error: ZodError): FieldIssue[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key.slice(0, 80)].join('.'), message: 'Unknown field.' }))
    return [{ path: path.join('.'), message: issue.message }]
  })
}

/** Whatever was thrown, as a refusal; what is not one already is an outage, bad input, or a fault of ours. */
export function refusalOf(thrown: unknown): Refusal {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) if (at instanceof Refusal) return at
  if (isDatabaseAway(thrown)) return new Refusal('UNAVAILABLE', { retryAfter: 2, cause: thrown })
  if (thrown instanceof TRPCError) {
    if (thrown.code === 'BAD_REQUEST' && thrown.cause instanceof ZodError) {
      const issues = issuesOf(thrown.cause)
      const sentence = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' ')
      return new Refusal('INVALID_INPUT', { issues, sentence: sentence.slice(0, 500) })
    }
    if (thrown.code === 'NOT_FOUND') return new Refusal('NOT_FOUND')
    if (thrown.code === 'METHOD_NOT_SUPPORTED') return new Refusal('METHOD_NOT_ALLOWED')
    if (thrown.code === 'PAYLOAD_TOO_LARGE') return new Refusal('BODY_TOO_LARGE')
    if (thrown.code === 'UNSUPPORTED_MEDIA_TYPE') return new Refusal('UNSUPPORTED_MEDIA_TYPE')
    if (thrown.code === 'BAD_REQUEST' || thrown.code === 'PARSE_ERROR') return new Refusal('MALFORMED_BODY')
  }
  return new Refusal('INTERNAL', { cause: thrown })
}

export function faultBody(refusal: Refusal, requestId: string): FaultBody {
  return {
    error: refusal.message,
    message: refusal.message,
    code: refusal.code,
    request_id: requestId,
    ...(refusal.issues ? { issues: refusal.issues } : {}),
    ...(refusal.details ? { details: refusal.details } : {}),
  }
}

/** A refusal as tRPC's clients read it: the same object in `data`. */
export const trpcShape = (refusal: Refusal, requestId: string) => ({
  message: refusal.message,
  code: TRPC_ERROR_CODES_BY_KEY[errors[refusal.code].trpc],
  data: { ...faultBody(refusal, requestId), httpStatus: errors[refusal.code].status },
})
