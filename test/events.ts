import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll } from 'vitest'

/** One event as it came over the wire. */
export type Heard = { id: string; event: string; data: { action: string; target: string } & Record<string, unknown> }

export type Listening = {
  status: number
  headers: IncomingHttpHeaders
  heard: Heard[]
  /** The last id, of events and of signs of life. */
  lastId(): string
  /** Everything as it came. */
  text(): string
  /** Until so many events were heard. */
  until(count: number): Promise<Heard[]>
  /** How the stream ended: by the server, or never. */
  ended: Promise<void>
  close(): void
}

/** Reads blocks of server-sent events as the WHATWG has them. */
export function reader() {
  const heard: Heard[] = []
  let [rest, all, lastId] = ['', '', '']
  return {
    heard,
    lastId: () => lastId,
    text: () => all,
    feed(chunk: string) {
      all += chunk
      rest += chunk
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const fields = rest
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line] as const)
        const field = (name: string) => fields.find(([one]) => one === name)?.[1].slice(name.length + 2)
        lastId = field('id') ?? lastId
        const data = field('data')
        if (data !== undefined) heard.push({ id: lastId, event: field('event') ?? '', data: JSON.parse(data) })
        rest = rest.slice(end + 2)
      }
    },
  }
}

const open = new Set<() => void>()
afterAll(() => {
  for (const close of open) close()
})

/** Opens `/v1/events` and resolves with its head; what it says is gathered. */
export function listen(url: string, headers: Record<string, string>, query = ''): Promise<Listening> {
  const read = reader()
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/events${query}`, { headers, agent: false }, (reply) => {
      reply.setEncoding('utf8').on('data', read.feed)
      const ended = new Promise<void>((over) => reply.on('close', () => over()))
      resolve({
        ...read,
        status: reply.statusCode ?? 0,
        headers: reply.headers,
        ended,
        async until(count) {
          for (let look = 0; look < 1000 && read.heard.length < count; look++)
            await new Promise((go) => setTimeout(go, 10))
          if (read.heard.length < count) throw new Error(`Heard ${read.heard.length} events, not ${count}.`)
          return read.heard
        },
        close,
      })
    })
    const close = () => {
      open.delete(close)
      sent.destroy()
    }
    open.add(close)
    sent.on('error', reject).end()
  })
}

/** The header of a key. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
