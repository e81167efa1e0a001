import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { within } from '../lib/deadline.ts'
import { mailIsOn } from '../mails/mail.ts'
import { cookieLine, cookiePrefix, sessionCookieName } from '../people/cookie.ts'
import { mustBeGoodPassword } from '../people/password.ts'
import type { OpenSession } from '../people/session.ts'
import type { World } from '../world.ts'
import { type Asking, during } from './asking.ts'
import { authOf, rememberSeconds } from './auth.ts'
import { mayGuess, tellFailure } from './guesses.ts'
import { landing, refusalFrom } from './refusals.ts'
import type { Route } from './routes.ts'
import { challenged, spendCode } from './second-factor.ts'
import { isToRemember, rememberCookie, ticketCookie, ticketIn, tripOver } from './ticket.ts'

/** A request to the sign-in, with nothing of HTTP but its cookies. */
export type Question = {
  ctx: Ctx
  route: Route
  /** The body as `shared/sign-in.ts` read it; of a GET: the query. */
  input: Record<string, unknown>
  query: string
  /** The session of the browser, if it can still be used. */
  session: OpenSession | undefined
  /** One cookie by its name. */
  cookies: (name: string) => string | undefined
  /** All cookies but the session's, as they came, and with it. */
  header: { without: string; whole: string }
}

export type Answer = { body: Record<string, unknown>; location?: string; cookies: string[] }

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What the library is given of the input: less than came, and what it would decide otherwise by itself. */
function bodyFor({ path }: Route, { rememberMe: _remember, ticket: _ticket, ...input }: Record<string, unknown>) {
  if (path === '/sign-in/social') return { ...input, disableRedirect: true }
  // How long it lasts is said by our own cookie line and row.
  if (path === '/sign-in/email') return { ...input, rememberMe: true }
  if (path === '/change-password') return { ...input, revokeOtherSessions: true }
  return input
}

/** Who is meant by a password that is set, for the policy: whoever is signed in, or whom the reset link is for. */
async function mustBeSettable(world: World, { route, input, session }: Question): Promise<void> {
  if (input.newPassword === undefined) return
  let email = session?.who.email ?? ''
  if (route.path === '/reset-password') {
    const { internalAdapter } = await authOf(world).$context
    const step = await internalAdapter.findVerificationValue(`reset-password:${text(input.token)}`)
    email = (step && (await internalAdapter.findUserById(step.value))?.email) || ''
  }
  mustBeGoodPassword(text(input.newPassword), email, 'newPassword')
}

/** The library's cookies as they go out; the session's with our flags, and for as long as was asked. */
function cookiesOf(world: World, reply: Response, { remembered }: Asking): { opened: boolean; lines: string[] } {
  const { publicUrl } = world.config
  const name = sessionCookieName(publicUrl)
  let opened = false
  const lines = reply.headers.getSetCookie().map((line) => {
    if (!line.startsWith(`${name}=`)) return line
    const value = line.slice(name.length + 1).split(';')[0] ?? ''
    opened = value !== ''
    return cookieLine(publicUrl, name, value, opened ? (remembered ? rememberSeconds : undefined) : 0)
  })
  return { opened, lines }
}

/** What must hold before the library is asked at all. */
async function mustBeAskable(world: World, question: Question): Promise<string | undefined> {
  const { route, session, ctx, input } = question
  const { path } = route
  if (route.needs && !session) refuse('SIGNED_OUT')
  if (route.needs === 'fresh' && session && session.who.freshUntil <= world.clock.now()) refuse('SIGN_IN_AGAIN')
  if (path === '/request-password-reset' && !mailIsOn(world)) refuse('MAIL_OFF')
  if (route.guesses) await mayGuess(world, ctx, text(input.email) || (session?.who.email ?? ''))
  await mustBeSettable(world, question)
  if (!path.startsWith('/two-factor/verify-')) return session?.who.id
  const personId =
    session?.who.id ?? (await challenged(world, question.cookies(`${cookiePrefix(world.config.publicUrl)}.two_factor`)))
  if (path === '/two-factor/verify-totp' && personId) await spendCode(world, personId, text(input.code))
  return personId
}

/** Asks the library, as part of this request. */
function passOn(
  world: World,
  { route, input, query, session, header, ctx }: Question,
  asking: Asking,
): Promise<Response> {
  const { publicUrl } = world.config
  const shown = session && !route.opens ? header.whole : header.without
  const headers: Record<string, string> = { origin: publicUrl, 'user-agent': ctx.userAgent ?? '' }
  if (shown) headers.cookie = shown
  const url = `${publicUrl}/auth${route.path}${query}`
  const posted = { 'content-type': 'application/json', ...headers }
  const request =
    route.method === 'GET'
      ? new Request(url, { headers })
      : new Request(url, { method: 'POST', headers: posted, body: JSON.stringify(bodyFor(route, input)) })
  return within(
    9000,
    during(asking, () => authOf(world).handler(request)),
  )
}

/** The code that an answer of the library says no with. */
async function codeIn(reply: Response): Promise<unknown> {
  const body: unknown = await reply.json().catch(() => undefined)
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
}

/** Lines of ours beside the library's: what is carried to the next step, or is over. */
function carried(world: World, { route, input }: Question, opened: boolean, body: Record<string, unknown>): string[] {
  if (opened) return tripOver(world)
  const remember = input.rememberMe === true ? [rememberCookie(world)] : []
  if (route.path === '/sign-in/email' && body.two_factor) return [...tripOver(world), ...remember]
  if (route.path !== '/sign-in/social') return []
  return [...tripOver(world), ...remember, ...(input.ticket ? [ticketCookie(world, text(input.ticket))] : [])]
}

/** Answers one request to the sign-in. Refuses with codes of ours only. */
export async function ask(world: World, question: Question): Promise<Answer> {
  const { ctx, route, input, session, cookies } = question
  const personId = await mustBeAskable(world, question)
  const remembered =
    'rememberMe' in input
      ? input.rememberMe === true
      : (!route.opens && session?.remembered) || isToRemember(world, cookies)
  const asking: Asking = { ctx, route: route.path, session, remembered, ticket: ticketIn(world, cookies) }
  const reply = passOn(world, question, asking)
  if (route.path === '/request-password-reset') {
    // Not waited for: how long it takes would tell whether there is such an account.
    reply.catch((err: unknown) => world.log.warn({ err, request_id: ctx.requestId }, 'A reset mail was not made'))
    return { body: {}, cookies: [] }
  }
  const told = await reply
  const { opened, lines } = cookiesOf(world, told, asking)
  const location = told.headers.get('location')
  if (location !== null && told.status < 400 && route.method === 'GET')
    return { body: {}, location: landing(location, world.config.publicUrl), cookies: [...lines, ...tripOver(world)] }
  if (!told.ok) {
    const refusal = refusalFrom(await codeIn(told), asking.fault)
    if (refusal.code === 'WRONG_SIGN_IN' || refusal.code === 'WRONG_CODE')
      tellFailure(world, ctx, route.path === '/sign-in/email' ? { email: text(input.email) } : { id: personId })
    throw refusal
  }
  const said: unknown = await told.json()
  const body = route.answer?.(typeof said === 'object' && said !== null ? { ...said } : {}) ?? {}
  return { body, cookies: [...lines, ...carried(world, question, opened, body)] }
}
