import { connect, type Socket } from 'node:net'

/** One request as text; the path and all headers are the caller's. */
export type Shot = { path: string; headers: Record<string, string>; body: string }

export type Hit = { status: number; body: string }

/** A kept-alive connection that sends a request but for its last byte, and answers it when that is let go. */
function racer(port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  let buffered = Buffer.alloc(0)
  let settle: ((hit: Hit) => void) | undefined
  const read = () => {
    const end = buffered.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = buffered.subarray(0, end).toString('latin1')
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (buffered.length < end + 4 + length) return
    const body = buffered.subarray(end + 4, end + 4 + length).toString()
    buffered = buffered.subarray(end + 4 + length)
    settle?.({ status: Number(head.slice(9, 12)), body })
  }
  socket.on('data', (bytes) => {
    buffered = Buffer.concat([buffered, bytes])
    read()
  })
  const over = new Promise<never>((_, reject) => socket.on('close', () => reject(new Error('The server hung up.'))))
  over.catch(() => undefined)
  socket.on('error', () => undefined)
  let last: Buffer | undefined
  return {
    load({ path, headers, body }: Shot) {
      const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers, 'content-length': Buffer.byteLength(body) })
      const head = `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
      const bytes = Buffer.from(head + body)
      last = bytes.subarray(-1)
      const sent = new Promise<void>((resolve) => socket.write(bytes.subarray(0, -1), () => resolve()))
      return Promise.race([sent, over])
    },
    fire(): Promise<Hit> {
      const hit = new Promise<Hit>((resolve) => {
        settle = resolve
        socket.write(last ?? '')
      })
      return Promise.race([hit, over])
    },
    close: () => socket.destroy(),
  }
}

/**
 * Racers on kept-alive connections, spread over the servers at these ports. A round sends every request but for its last
 * byte, then all last bytes at once, so that what arrives together is decided together.
 */
export function openRace(ports: number[], count: number) {
  const racers = Array.from({ length: count }, (_, i) => racer(ports[i % ports.length] ?? 0))
  return {
    async round(shotOf: (place: number) => Shot): Promise<Hit[]> {
      await Promise.all(racers.map((one, i) => one.load(shotOf(i))))
      return Promise.all(racers.map((one) => one.fire()))
    },
    close() {
      for (const one of racers) one.close()
    },
  }
}
