import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { dashboardPages } from '../../shared/pages.ts'
import { registerInstallable } from './installable.ts'

type Options = {
  publicUrl: string
  /** Where `vite build` put the pages (`dist/web`) and the dashboard (`dist/dashboard`). */
  distDir: string
  dashboardDir: string
  /** Whether the demo is offered right now. */
  demo: () => Promise<boolean> | boolean
  /** Whether somebody runs the instance, so that there is somebody to sign in. */
  setUp: () => Promise<boolean> | boolean
  /** Whether a project takes one-time secrets from anybody. */
  guests: () => Promise<boolean>
}

const nonceMark = '__CSP_NONCE__'

/** For links that are capabilities: no search engine lists or keeps them. */
const unlisted = 'noindex, nofollow, noarchive'

/**
 * What a page may do: run and style itself, ask its own server, and be framed by nobody. The dashboard may compile WebAssembly
 * too, its own only: QR codes of an import are read in the browser by zxing, so that no picture is uploaded. It alone can be
 * installed and has a worker.
 */
const policy = (nonce: string, ofDashboard: boolean) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${ofDashboard ? " 'wasm-unsafe-eval'" : ''}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    ...(ofDashboard ? ["worker-src 'self'", "manifest-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

/** The dashboard's: its import page scans QR codes, once the browser's user allows it. */
const dashboardHeaders = {
  ...headers,
  'permissions-policy': headers['permissions-policy'].replace('camera=()', 'camera=(self)'),
}

/** Characters that mean something inside a quoted attribute. */
const attribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Reads a built page once; each reply only joins its pieces around a fresh nonce. */
function template(path: string): (nonce: string) => string {
  const pieces = readFileSync(path, 'utf8').split(nonceMark)
  if (pieces.length < 2) throw new Error(`${path} has no place for a nonce; build the pages with web/vite.config.ts.`)
  return (nonce) => pieces.join(nonce)
}

function send(reply: FastifyReply, page: (nonce: string) => string, ofDashboard = false) {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .headers(ofDashboard ? dashboardHeaders : headers)
    .header('content-security-policy', policy(nonce, ofDashboard))
    .type('text/html; charset=utf-8')
    .send(page(nonce))
}

/**
 * Serves the public pages and their assets. A page is the same for every token and reads nothing, so that scanners
 * and previews of a link change nothing and learn nothing; what it shows it asks for itself.
 */
export function registerPages(
  app: FastifyInstance,
  { publicUrl, distDir, dashboardDir, demo, setUp, guests }: Options,
): void {
  const approve = template(join(distDir, 'approve.html'))
  const start = template(join(distDir, 'index.html'))
  const share = template(join(distDir, 'share.html'))
  const dashboard = template(join(dashboardDir, 'dashboard.html'))

  app.get('/', async (_request, reply) => {
    const on = (await demo()) ? 'on' : 'off'
    const done = (await setUp()) ? 'done' : 'open'
    const taken = (await guests()) ? 'on' : 'off'
    return send(reply, (nonce) =>
      start(nonce)
        .replace('__DEMO__', on)
        .replace('__GUESTS__', taken)
        .replace('__SET_UP__', done)
        .replace('__PUBLIC_URL__', () => attribute(publicUrl)),
    )
  })

  app.get<{ Params: { token: string }; Querystring: { plain?: string } }>('/a/:token', (request, reply) => {
    reply.header('x-robots-tag', unlisted)
    // The page is static and cannot name its own token in a link; `?plain` is how its <noscript> part asks.
    if (request.query.plain !== undefined && /^[0-9A-Za-z]+$/.test(request.params.token))
      return reply.headers(headers).redirect(`/a/${request.params.token}/plain`, 303)
    return send(reply, approve)
  })

  app.get('/share', async (_request, reply) => {
    const taken = (await guests()) ? 'on' : 'off'
    return send(reply, (nonce) => share(nonce).replace('__GUESTS__', taken))
  })

  // The key of a secret, of its receipt, of an ask.
  for (const [path, name] of [
    ['/s/:key', 'secret'],
    ['/private/:key', 'receipt'],
    ['/r/:token', 'answer'],
  ] as const) {
    const page = template(join(distDir, `${name}.html`))
    app.get(path, (_request, reply) => send(reply.header('x-robots-tag', unlisted), page))
  }
  // Seed 4's clients build this address from a secret_key. Browsers keep what stands after # over a redirect.
  app.get<{ Params: { key: string } }>('/secret/:key', (request, reply) =>
    reply
      .headers({ ...headers, 'x-robots-tag': unlisted })
      .redirect(`/s/${encodeURIComponent(request.params.key)}`, 303),
  )

  // One page for all addresses of the dashboard; it asks for what its address says, with the session's cookie.
  for (const path of dashboardPages) app.get(path, (_request, reply) => send(reply, dashboard, true))

  for (const [dir, name] of [
    [distDir, 'assets'],
    [dashboardDir, 'dashboard-assets'],
  ] as const)
    app.register(staticFiles, {
      root: join(dir, name),
      prefix: `/${name}/`,
      decorateReply: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      setHeaders: (reply) => {
        reply.setHeader('x-content-type-options', 'nosniff')
        reply.setHeader('cross-origin-resource-policy', 'same-origin')
        reply.setHeader('vary', 'accept-encoding')
      },
    })

  registerInstallable(app, dashboardDir)

  const icon = readFileSync(join(distDir, 'favicon.svg'))
  for (const path of ['/favicon.svg', '/favicon.ico'])
    app.get(path, (_request, reply) =>
      reply
        .headers({
          ...headers,
          'cache-control': 'public, max-age=86400',
          'content-security-policy': "default-src 'none'",
        })
        .type('image/svg+xml')
        .send(icon),
    )
}
