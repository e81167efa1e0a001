import { createServer } from 'node:http'
import { afterAll } from 'vitest'
import { freePort } from './port.ts'

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

/** Loses the reply after it was made; answers 429; answers a page; never answers. */
type Trouble = 'lost' | 'refused' | 'page' | 'held'

/** Passes requests on to a server, but for those that `troubles` names by method and count, as `GET2`. */
export async function between(url: string, troubles: Record<string, Trouble>) {
  const seen: { what: string; at: number }[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '' } = request
    const what = `${method}${seen.filter((one) => one.what.startsWith(method)).length + 1}`
    seen.push({ what, at: Date.now() })
    if (troubles[what] === 'held') return
    if (troubles[what] === 'refused') return void reply.writeHead(429, { 'retry-after': '1' }).end()
    if (troubles[what] === 'page') return void reply.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello')
    const names = ['authorization', 'content-type', 'idempotency-key'].filter((name) => request.headers[name])
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]))
    const body = Buffer.concat(chunks)
    const came = await fetch(url + request.url, { method, headers, ...(body.length ? { body } : {}) })
    const text = await came.text()
    if (troubles[what] === 'lost') return void request.socket.destroy()
    reply.writeHead(came.status, { 'content-type': 'application/json' }).end(text)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, at: `http://127.0.0.1:${port}` }
}
