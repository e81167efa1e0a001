import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Address, connect } from '../../server/lib/driver/connect.ts'
import { actByHand, type ByHand, createByHand, openByHand } from './by-hand.ts'
import { codesByHand } from './codes-by-hand.ts'
import { requestByHand } from './permission-by-hand.ts'
import { readByHand, shareByHand } from './secret-by-hand.ts'

/** How the bench starts this process: as JSON in its one argument. */
export type LimitOptions = { address: Address; projectId: string; connections: number }

const { address, projectId, connections }: LimitOptions = JSON.parse(process.argv[2] ?? '')
const sql = connect(address, { max: connections, name: 'countersign bench limit' })
const hand: ByHand = { sql, projectId }

function send(res: ServerResponse, status: number, body: string, etag?: string): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }
  res.writeHead(status, etag === undefined ? headers : { ...headers, etag }).end(body)
}

async function poll(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
  const [row] = await sql<{ value: string; version: number }[]>`
    select value, version from "values" where project_id = ${projectId} and key_path = ${path}`
  if (!row) return send(res, 404, '{}')
  const etag = `"${row.version}"`
  if (req.headers['if-none-match'] === etag) res.writeHead(304, { etag }).end()
  else send(res, 200, JSON.stringify(row.value), etag)
}

async function bodyOf(req: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const key = '/v1/key/'
const link = '/v1/link/approvals/'
const secret = '/v1/secret/'
const codes = '/v1/accounts/codes?ids='
const permission = '/v1/permissions/request'

/** What a good engineer would write for these few things and nothing else: no auth, no validation, no limits. */
async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { url = '', method } = req
  if (url === '/healthz') return send(res, 200, '{"status":"alive"}')
  if (url.startsWith(key)) return poll(req, res, url.slice(key.length))
  if (url.startsWith(link) && method === 'GET')
    return send(res, 200, JSON.stringify(await openByHand(hand, url.slice(link.length))))
  if (url.startsWith(link)) {
    const { action = '' } = await bodyOf(req)
    const done = await actByHand(hand, url.slice(link.length, link.length + 26), action)
    return send(res, done ? 200 : 403, JSON.stringify({ status: done ? 'executed' : 'used', action }))
  }
  if (url.startsWith(codes))
    return send(res, 200, JSON.stringify({ items: await codesByHand(hand, url.slice(codes.length).split(',')) }))
  if (url === permission) return send(res, 200, JSON.stringify(await requestByHand(hand, await bodyOf(req))))
  if (url === '/v1/share') return send(res, 200, JSON.stringify(await shareByHand(hand, await bodyOf(req))))
  if (url.startsWith(secret)) {
    const value = await readByHand(hand, url.slice(secret.length))
    return send(res, value === undefined ? 404 : 200, JSON.stringify({ secret_key: url.slice(secret.length), value }))
  }
  return send(res, 201, JSON.stringify(await createByHand(hand, await bodyOf(req))))
}

const server = createServer((req, res) => {
  answer(req, res).catch((fault) => {
    process.stderr.write(`${fault}\n`)
    res.writeHead(500).end()
  })
})
server.listen(0, '127.0.0.1', () => {
  const bound = server.address()
  if (bound !== null && typeof bound === 'object') process.send?.(bound.port)
})
process.on('disconnect', () => process.exit(0))
