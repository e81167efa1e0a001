import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** Who is signed in at GitHub's double. */
export type GithubUser = {
  id: number
  login: string
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean }[]
}

type Grant = { user: GithubUser; challenge: string; redirect: string }

const read = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return new URLSearchParams(text)
}

/**
 * GitHub's OAuth and the two addresses of its API that sign-in asks, over HTTP: a code works once, for its client, its
 * redirect and the verifier of its S256 challenge. `as` says who is signed in there.
 */
export async function startGithub(client = { id: 'client-of-tests', secret: 'secret-of-tests' }) {
  let user: GithubUser | undefined
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, GithubUser>()
  const asked: string[] = []

  const json = (reply: ServerResponse, body: unknown, status = 200) =>
    void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  const authorize = ({ searchParams: query }: URL, reply: ServerResponse) => {
    const [redirect, challenge] = [query.get('redirect_uri') ?? '', query.get('code_challenge') ?? '']
    const fit =
      query.get('client_id') === client.id && query.get('code_challenge_method') === 'S256' && challenge !== ''
    if (!fit) return json(reply, { error: 'bad_request' }, 400)
    const back = new URL(redirect)
    back.searchParams.set('state', query.get('state') ?? '')
    if (user) {
      const code = randomBytes(10).toString('hex')
      grants.set(code, { user, challenge, redirect })
      back.searchParams.set('code', code)
    } else back.searchParams.set('error', 'access_denied')
    reply.writeHead(302, { location: back.href }).end()
  }

  const exchange = (form: URLSearchParams, reply: ServerResponse) => {
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const digest = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fit =
      form.get('client_id') === client.id &&
      form.get('client_secret') === client.secret &&
      grant?.redirect === form.get('redirect_uri') &&
      grant.challenge === digest
    // GitHub answers its errors with 200.
    if (!grant || !fit) return json(reply, { error: 'bad_verification_code' })
    const token = `gho_${randomBytes(20).toString('hex')}`
    tokens.set(token, grant.user)
    json(reply, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' })
  }

  const server = createServer(async (request, reply) => {
    const url = new URL(request.url ?? '/', 'http://github')
    asked.push(`${request.method} ${url.pathname}`)
    if (url.pathname === '/login/oauth/authorize') return authorize(url, reply)
    if (url.pathname === '/login/oauth/access_token') return exchange(await read(request), reply)
    const who = tokens.get((request.headers.authorization ?? '').slice('Bearer '.length))
    if (!who) return json(reply, { message: 'Bad credentials' }, 401)
    const { emails, ...rest } = who
    if (url.pathname === '/api/v3/user') return json(reply, { ...rest, email: emails[0]?.email ?? null })
    if (url.pathname === '/api/v3/user/emails') return json(reply, emails)
    json(reply, { message: 'Not Found' }, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  const { port } = server.address() as AddressInfo // it listens on a port
  const baseUrl = `http://127.0.0.1:${port}`
  return {
    baseUrl,
    asked,
    tokens,
    /** The environment that leads the service here. */
    variables: { GITHUB_CLIENT_ID: client.id, GITHUB_CLIENT_SECRET: client.secret, GITHUB_BASE_URL: baseUrl },
    as: (who: GithubUser | undefined) => {
      user = who
    },
    /** What a browser gets that follows the link to GitHub: the address it is sent back to. */
    async visit(url: string): Promise<string> {
      const reply = await fetch(url, { redirect: 'manual' })
      return reply.headers.get('location') ?? `status ${reply.status}`
    },
  }
}

/** Somebody at GitHub with one verified primary address. */
export const githubUser = (email: string, more: Partial<GithubUser> = {}): GithubUser => ({
  id: Number.parseInt(createHash('sha256').update(email).digest('hex').slice(0, 8), 16),
  login: email.split('@')[0] ?? 'somebody',
  name: 'Git Hub',
  emails: [{ email, primary: true, verified: true }],
  ...more,
})
