import type { Reply } from './wire.ts'

/** What a load process needs to know of a server. `session` and `project` are a signed-in person's, `testKey` an agent's. */
export type Target = { side: Side; port: number; key: string; testKey: string; session: string; project: string }

export type Side = 'ours' | 'limit'

/** Does one unit of a case (a request, or open + act) over one connection. `n` counts up over all connections. */
export type Unit = (ask: (request: string) => Promise<Reply>, target: Target, n: number, item: string) => Promise<void>

/** How many values `poll` reads: enough that no two requests of a moment ask for the same one by rule. */
export const pathCount = 100

export const pathOf = (n: number): string => `bench/${n % pathCount}`

/** The accounts whose codes are asked for in one request; each side has its own, as it keeps seeds. */
export const accountsOf = (side: Side): string[] =>
  Array.from({ length: 50 }, (_, n) => `01BENCH${side.toUpperCase()}${String(n).padStart(3, '0')}`)

export const line = (method: string, path: string, more: string) =>
  `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`
export const bearer = ({ key }: Target) => `authorization: Bearer ${key}\r\n`
export const post = (path: string, headers: string, body: string) =>
  line('POST', path, `${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n`) + body

export function must(reply: Reply, status: number): Reply {
  if (reply.status !== status) throw new Error(`${status} was expected:\n${reply.head}\n\n${reply.body}`)
  return reply
}

/** The text of a JSON field, found as a client would that knows the shape. */
function field(body: string, name: string): string {
  const mark = `"${name}":"`
  const at = body.indexOf(mark)
  if (at < 0) throw new Error(`There is no ${name} in ${body}`)
  return body.slice(at + mark.length, body.indexOf('"', at + mark.length))
}

/** Requests that differ by their number only are written once per target. */
function prepared(write: (target: Target, n: number) => string): (target: Target, n: number) => string {
  const known = new Map<string, string[]>()
  return (target, n) => {
    const name = `${target.side} ${target.port}`
    const all = known.get(name) ?? Array.from({ length: pathCount }, (_, i) => write(target, i))
    known.set(name, all)
    return all[n % pathCount] ?? ''
  }
}

const hello = prepared(() => line('GET', '/healthz', ''))
const poll = prepared((target, n) => line('GET', `/v1/key/${pathOf(n)}`, bearer(target)))
const pollKnown = prepared((target, n) =>
  line('GET', `/v1/key/${pathOf(n)}`, `${bearer(target)}if-none-match: "1"\r\n`),
)

/** The same read as `poll`, as the dashboard asks for it; its limit is `poll` itself. */
const overRpc = prepared((target, n) =>
  target.side === 'limit'
    ? line('GET', `/v1/key/${pathOf(n)}`, bearer(target))
    : line(
        'GET',
        `/trpc/values.get?input=${encodeURIComponent(JSON.stringify({ key_path: pathOf(n) }))}`,
        `cookie: ${target.session}\r\nx-countersign-project: ${target.project}\r\n`,
      ),
)

const codes = prepared((target) => line('GET', `/v1/accounts/codes?ids=${accountsOf(target.side)}`, bearer(target)))

const wish = (n: number) =>
  JSON.stringify({ key_path: `made/${n}`, value: 'approved', initial_value: 'pending', info: 'Deploy to production?' })

/** The cookie that a reply sets, as a request sends it back. */
const cookieIn = (head: string) => /\r\nset-cookie: ([^;]+)/i.exec(head)?.[1] ?? ''

/** Opens a link as the page does; answers the request that presses its button. */
export async function decisionOf(ask: (request: string) => Promise<Reply>, token: string): Promise<string> {
  const path = `/v1/link/approvals/${token}`
  const { head, body } = must(await ask(line('GET', path, '')), 200)
  const decision = JSON.stringify({
    action: 'approve',
    csrf_token: field(body, 'csrf_token'),
    action_hash: field(body, 'action_hash'),
  })
  return post(`${path}/act`, `sec-fetch-site: same-origin\r\ncookie: ${cookieIn(head)}\r\n`, decision)
}

/** Seconds that secrets of the bench live. */
export const secretTtl = 604_800

const shared = JSON.stringify({ secret: 'correct horse battery staple', ttl: secretTtl })

/** Stores a secret and reads it. */
async function share(ask: (request: string) => Promise<Reply>, target: Target): Promise<void> {
  const { body } = must(await ask(post('/v1/share', bearer(target), shared)), 200)
  must(await ask(post(`/v1/secret/${field(body, 'secret_key')}`, bearer(target), '{}')), 200)
}

const permission = JSON.stringify({
  action: 'email.send',
  resource: 'mailbox:support',
  scope: { to: ['ana@example.com'], max: 1 },
  context: { reason: 'The customer asked for a refund.' },
})
const asTester = ({ testKey }: Target) => `authorization: Bearer ${testKey}\r\n`

/** What each case sends. Both sides get the same bytes wherever they take the same request. */
export const units = {
  hello: async (ask, target, n) => void must(await ask(hello(target, n)), 200),
  poll: async (ask, target, n) => void must(await ask(poll(target, n)), 200),
  'poll 304': async (ask, target, n) => void must(await ask(pollKnown(target, n)), 304),
  rpc: async (ask, target, n) => void must(await ask(overRpc(target, n)), 200),
  create: async (ask, target, n) => void must(await ask(post('/v1/approvals', bearer(target), wish(n))), 201),
  secret: share,
  permission: async (ask, target) =>
    void must(await ask(post('/v1/permissions/request', asTester(target), permission)), 200),
  codes: async (ask, target, n) => void must(await ask(codes(target, n)), 200),
  act: async (ask, _target, _n, token) => void must(await ask(await decisionOf(ask, token)), 200),
} satisfies Record<string, Unit>

export type CaseName = keyof typeof units
