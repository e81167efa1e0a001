import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, type Refusal } from '../../shared/errors.ts'
import type { Rate } from '../lib/limiter.ts'
import { faultBody } from '../rpc/fault.ts'
import type { World } from '../world.ts'

/** Seed 0's rate headers (`X-RateLimit-Reset` is seconds until), and the draft's beside them. */
export function rateHeaders(rate: Rate): Record<string, string> {
  const name = rate.class.replaceAll(' ', '-')
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-reset': String(rate.reset),
    ratelimit: `"${name}";r=${rate.remaining};t=${rate.reset}`,
    'ratelimit-policy': `"${name}";q=${rate.limit};w=${rate.seconds}`,
  }
}

/** What a refusal says in headers. `basic`: to clients that know HTTP Basic. */
export function refusalHeaders(refusal: Refusal, basic = false): Record<string, string> {
  const headers: Record<string, string> = {}
  if (refusal.retryAfter !== undefined) headers['retry-after'] = String(refusal.retryAfter)
  if (errors[refusal.code].status === 401)
    headers['www-authenticate'] = `${basic ? 'Basic' : 'Bearer'} realm="countersign"`
  return headers
}

/** Sends a refusal, and logs it when it is a fault of ours. */
export function sendRefusal(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  const { status } = errors[refusal.code]
  if (request.trace) Object.assign(request.trace, { code: refusal.code, issues: refusal.issues })
  if (status >= 500) logFault(world, request.id, request.routeOptions.url, refusal)
  return reply
    .code(status)
    .headers(refusalHeaders(refusal, request.trace?.operation?.entry.basic))
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(faultBody(refusal, request.id)))
}

/** Logs a fault by its kind and codes; the log drops what could hold a parameter. */
export function logFault(world: World, requestId: string, route: string | undefined, refusal: Refusal): void {
  const line = { request_id: requestId, route, code: refusal.code, err: refusal.cause ?? refusal }
  if (refusal.code === 'UNAVAILABLE') world.log.warn(line, 'A request found the service unavailable')
  else world.log.error(line, 'A request failed')
}
