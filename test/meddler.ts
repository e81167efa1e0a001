import { createServer } from 'node:http'
import { afterAll } from 'vitest'
import { freePort } from './port.ts'

const undo: (() => void)[] = []
afterAll(() => {
  for (const step of undo.splice(0)) step()
})

type Json = Record<string, unknown>
type Seen = { method: string; path: string /** Of its method, from 1; public keys do not count. */; nth: number }

const isKeys = (path: string) => path.startsWith('/.well-known/')

/** What is done to what passes. */
export type Change = {
  /** Replies that never arrive. */
  loses?(seen: Seen): boolean
  /** Where it arrives in place of where it was sent. */
  paths?(path: string, seen: Seen): string
  /** The method that arrives in place of the one that was sent. */
  methods?(method: string, seen: Seen): string
  /** What arrives at the server in place of what was sent. */
  asks?(body: Json, seen: Seen): Json
  /** What comes back in place of what was answered. */
  answers?(body: Json, seen: Seen): Json
}

/** Somebody between a command and its server, who passes on, loses and changes. */
export async function meddler(url: string, { loses, paths, methods, asks, answers }: Change) {
  const seen: Seen[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '' } = request
    const one = { method, path, nth: seen.filter((other) => other.method === method && !isKeys(other.path)).length + 1 }
    seen.push(one)
    const text = Buffer.concat(chunks).toString()
    const sent = text === '' || !asks ? text : JSON.stringify(asks(JSON.parse(text), one))
    const { authorization = '', 'content-type': type = '', 'idempotency-key': once } = request.headers
    const headers = {
      authorization,
      ...(sent === '' ? {} : { 'content-type': type }),
      ...(once ? { 'idempotency-key': String(once) } : {}),
    }
    const gone = new AbortController()
    reply.on('close', () => gone.abort())
    const used = methods?.(method, one) ?? method
    const how = { method: used, headers, signal: gone.signal, ...(sent === '' || used === 'GET' ? {} : { body: sent }) }
    const came = await fetch(url + (paths?.(path, one) ?? path), how).catch(() => undefined)
    const body = (await came?.text().catch(() => undefined)) ?? ''
    if (!came || loses?.(one)) return void request.socket.destroy()
    const answer = body === '' || !answers ? body : JSON.stringify(answers(JSON.parse(body), one))
    reply.writeHead(came.status, { 'content-type': 'application/json' }).end(came.status === 204 ? undefined : answer)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  undo.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, url: `http://127.0.0.1:${port}` }
}
