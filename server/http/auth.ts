import { TRPCError } from '@trpc/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors, refuse } from '../../shared/errors.ts'
import { signIn } from '../../shared/sign-in.ts'
import type { Answer, Question } from '../auth/ask.ts'
import { type Route, routes } from '../auth/routes.ts'
import { networkOf, plainAddress } from '../lib/network.ts'
import { sessionCookieName } from '../people/cookie.ts'
import { openSession } from '../people/session.ts'
import { refusalOf } from '../rpc/fault.ts'
import type { World } from '../world.ts'
import { rateHeaders, sendRefusal } from './replies.ts'
import { cookieIn } from './sessions.ts'
import { mustBeOwnPage } from './visits.ts'

const schemas: Record<string, (typeof signIn)[keyof typeof signIn]> = signIn

/** The body as the route's schema reads it. JSON only: no form of another site's page can write it. */
function inputOf({ path }: Route, request: FastifyRequest): Record<string, unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) refuse('UNSUPPORTED_MEDIA_TYPE')
  let body: unknown
  try {
    body = JSON.parse(String(request.body ?? '') || '{}')
  } catch {
    return refuse('MALFORMED_BODY')
  }
  const read = schemas[path]?.safeParse(body)
  if (!read?.success) throw new TRPCError({ code: 'BAD_REQUEST', cause: read?.error })
  return read.data
}

/** The cookies of a request without the session's; it is sent on only when it can still be used. */
const without = (header: string, name: string): string =>
  header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !pair.startsWith(`${name}=`))
    .join('; ')

async function questionOf(world: World, route: Route, request: FastifyRequest): Promise<Question> {
  const name = sessionCookieName(world.config.publicUrl)
  const [cookie, whole] = [cookieIn(request.raw, name), request.headers.cookie ?? '']
  const mark = request.url.indexOf('?')
  return {
    ctx: {
      world,
      actor: { type: 'visitor' },
      requestId: request.id,
      ip: plainAddress(request.ip),
      userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
      signal: new AbortController().signal,
      visit: undefined,
      idempotency: undefined,
      notes: {},
    },
    route,
    input: route.method === 'GET' ? {} : inputOf(route, request),
    query: route.method === 'GET' && mark >= 0 ? request.url.slice(mark) : '',
    session: cookie === undefined ? undefined : await openSession(world, cookie),
    cookies: (wanted) => cookieIn(request.raw, wanted),
    header: { without: without(whole, name), whole },
  }
}

async function answer(world: World, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Answer> {
  if (route.method === 'POST') mustBeOwnPage(request.raw, world.config.publicUrl)
  if (world.isClosing()) refuse('UNAVAILABLE', { retryAfter: 1 })
  const rate = await world.limiter.take('sign in', networkOf(plainAddress(request.ip)))
  reply.headers(rateHeaders(rate))
  if (!rate.allowed) refuse('RATE_LIMITED', { retryAfter: rate.reset })
  // The library takes longer to load than all of the rest to start: it is loaded when somebody first signs in.
  const { ask } = await import('../auth/ask.ts')
  return ask(world, await questionOf(world, route, request))
}

/**
 * The sign-in's door: exactly the routes of `server/auth/routes.ts` below `/auth`. It is the library's answer in our
 * shape: our refusals, our headers, and no token but in the session's cookie.
 */
export function registerAuth(app: FastifyInstance, world: World): void {
  for (const route of routes)
    app.route({
      method: route.method,
      url: `/auth${route.path}`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        try {
          const { body, location, cookies } = await answer(world, route, request, reply)
          reply.header('set-cookie', cookies)
          if (location !== undefined) return reply.redirect(location, 302)
          return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
        } catch (thrown) {
          const refusal = refusalOf(thrown)
          if (route.path !== '/callback/github' || errors[refusal.code].status >= 500)
            return sendRefusal(world, request, reply, refusal)
          return reply.redirect(`/sign-in?error=${refusal.code}`, 302)
        }
      },
    })
}
