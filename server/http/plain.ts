import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errors, type Refusal } from '../../shared/errors.ts'
import { plainAddress } from '../lib/network.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import { refusalOf } from '../rpc/fault.ts'
import { pipelineOf } from '../rpc/router.ts'
import type { World } from '../world.ts'
import { readFields } from './body.ts'
import type { Html } from './html.ts'
import { document, endPage, faultPage, type Opened, pendingPage, signInPage } from './plain-page.ts'
import { logFault, rateHeaders, refusalHeaders } from './replies.ts'
import { mustBeOwnPage, newVisit, visitCookie, visitIn } from './visits.ts'

/** A form's POST carries its Origin only under a policy that lets its own host see where it came from. */
const headers = { 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex, nofollow, noarchive' }

const policy = (nonce: string) =>
  `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** Somebody was first, or time was: what is read next is the answer, not a fault. */
const settled: readonly ErrorCode[] = ['APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_INVALIDATED', 'LOCKED']

function sendPage(reply: FastifyReply, status: number, body: Html): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .code(status)
    .headers(headers)
    .header('content-security-policy', policy(nonce))
    .type('text/html; charset=utf-8')
    .send(document(nonce, 'Approval request', body))
}

function sendFault(world: World, request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const nowhere = refusal.code === 'NOT_FOUND' || refusal.code === 'INVALID_INPUT'
  const status = nowhere ? 404 : errors[refusal.code].status
  if (status >= 500) logFault(world, request.id, request.routeOptions.url, refusal)
  reply.headers(refusalHeaders(refusal))
  const body = nowhere
    ? faultPage('This link leads nowhere', 'Copy the whole link again, or ask whoever sent it for a new one.')
    : faultPage(refusal.message, 'Nothing was decided. Load the page again in a moment.')
  return sendPage(reply, status, body)
}

/** What stands at an approval's link. */
function pageOf(token: string, approval: Opened, said: string | undefined): Html {
  if (approval.status !== 'pending') return endPage(approval)
  return approval.needs.sign_in ? signInPage(token, approval) : pendingPage(approval, said)
}

type Params = { Params: { token: string } }

/**
 * The approval page for browsers without scripts: the same procedures behind plain forms. Reading it changes nothing; a
 * POST decides, under the same CSRF rules, and then sends the browser back to reading.
 */
export function registerPlain(app: FastifyInstance, world: World): void {
  const cookie = visitCookie(world.config.publicUrl)
  const [open, act, report] = ['approvals.open', 'approvals.act', 'approvals.report'].map(pipelineOf)
  if (!open || !act || !report) throw new Error('The router has no approvals.')

  const ctxOf = (request: FastifyRequest, visit: string | undefined): DoorCtx => ({
    world,
    identify: async () => ({ type: 'visitor' }),
    requestId: request.id,
    ip: plainAddress(request.ip),
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
    signal: new AbortController().signal,
    visit,
    idempotency: undefined,
    notes: {},
  })

  /** Reads the approval and draws it; gives the browser a visit when it has none. */
  async function draw(request: FastifyRequest<Params>, reply: FastifyReply, status: number, said?: string) {
    const known = visitIn(request.raw, cookie.name)
    const ctx = ctxOf(request, known ?? newVisit())
    try {
      const approval = (await open?.(ctx, { token: request.params.token })) as Opened // what approvals.open answers
      if (ctx.notes.rate) reply.headers(rateHeaders(ctx.notes.rate))
      if (known === undefined && ctx.visit) reply.header('set-cookie', cookie.serialize(ctx.visit))
      return sendPage(reply, status, pageOf(request.params.token, approval, said))
    } catch (thrown) {
      if (ctx.notes.rate) reply.headers(rateHeaders(ctx.notes.rate))
      return sendFault(world, request, reply, refusalOf(thrown))
    }
  }

  /** Sends what the form says: a report, or a decision with the fields that were filled in. */
  async function decide(request: FastifyRequest<Params>): Promise<void> {
    mustBeOwnPage(request.raw, world.config.publicUrl)
    const { fields } = await readFields(request.body as Buffer | undefined, request.headers['content-type']) // our parser gives a Buffer
    const filled = Object.fromEntries([...fields].filter(([, value]) => value !== ''))
    const { token } = request.params
    const ctx = ctxOf(request, visitIn(request.raw, cookie.name))
    if (filled.report === undefined) await act?.(ctx, { ...filled, token })
    else await report?.(ctx, { token, csrf_token: filled.csrf_token })
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get<Params>('/a/:token/plain', (request, reply) => draw(request, reply, 200))
  app.post<Params>('/a/:token/plain', async (request, reply) => {
    try {
      await decide(request)
    } catch (thrown) {
      const refusal = refusalOf(thrown)
      if (!settled.includes(refusal.code)) {
        reply.headers(refusalHeaders(refusal))
        return draw(request, reply, errors[refusal.code].status, refusal.message)
      }
    }
    return reply.headers(headers).redirect(`/a/${encodeURIComponent(request.params.token)}/plain`, 303)
  })
}
