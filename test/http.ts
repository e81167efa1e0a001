import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** A reply to the byte: `text` as it came, `body` its JSON object (empty for anything else). */
export type Reply = { status: number; headers: IncomingHttpHeaders; text: string; body: Record<string, unknown> }

export type Ask = {
  /** Sent as Bearer. */
  key?: string
  headers?: Record<string, string | string[]>
  /** A string or bytes go as they are; anything else as JSON. */
  body?: unknown
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Asks a service by raw HTTP: the path is sent as written (`..`, `//` and broken escapes included). */
export const asker =
  (url: string) =>
  (method: string, path: string, { key, headers = {}, body }: Ask = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url)
      const raw = typeof body === 'string' || body instanceof Uint8Array
      const bytes = body === undefined ? undefined : Buffer.from(raw ? body : JSON.stringify(body))
      const sent = request(
        {
          ...{ hostname, port, method, path, agent },
          headers: {
            ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
            ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
            ...(bytes ? { 'content-length': String(bytes.length) } : {}),
            ...headers,
          },
        },
        (reply) => {
          const chunks: Buffer[] = []
          if (/^text\/event-stream/.test(reply.headers['content-type'] ?? '')) {
            // Never ends by itself: its status and headers are all there is to wait for.
            reply.destroy()
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: '', body: {} })
            return
          }
          reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
          reply.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, body: objectIn(text) })
          })
        },
      )
      sent.on('error', reject).end(bytes)
    })

/** A browser with the approval page open: it keeps the cookie and says where its requests come from. */
export function browser(url: string) {
  const ask = asker(url)
  let cookie = ''
  return {
    cookie: () => cookie,
    async open(token: string): Promise<Reply> {
      const reply = await ask('GET', `/v1/link/approvals/${token}`, { headers: cookie ? { cookie } : {} })
      cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie
      return reply
    },
    post: (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
      ask('POST', path, { body, headers: { cookie, origin: url, 'sec-fetch-site': 'same-origin', ...headers } }),
    /** Loads the page and presses a button of it. */
    async press(token: string, action: string, more: object = {}): Promise<Reply> {
      const { csrf_token, action_hash } = (await this.open(token)).body
      return this.post(`/v1/link/approvals/${token}/act`, { action, csrf_token, action_hash, ...more })
    },
  }
}
