import { connect, type Socket } from 'node:net'

/** One answered request, as far as a client must look. */
export type Reply = { status: number; head: string; body: string }

/** A connection that sends one request at a time and stays open. */
export type Wire = { ask(request: string): Promise<Reply>; socket: Socket }

const headEnd = '\r\n\r\n'
const lastChunk = '\r\n0\r\n\r\n' // where a reply in chunks ends
const length = 'ontent-length: ' // servers differ in its first letter

/** A whole reply, or nothing while more of it is under way. Bodies are counted in bytes: latin1 keeps one for one. */
function parse(text: string): Reply | undefined {
  const end = text.indexOf(headEnd)
  if (end < 0) return undefined
  const status = Number(text.slice(9, 12))
  const head = text.slice(0, end)
  if (status === 204 || status === 304) return { status, head, body: '' }
  const at = text.indexOf(length)
  const start = end + headEnd.length
  if (at < 0 || at > end) return text.endsWith(lastChunk) ? { status, head, body: text.slice(start) } : undefined
  const bytes = Number.parseInt(text.slice(at + length.length, at + length.length + 12), 10)
  return text.length < start + bytes ? undefined : { status, head, body: text.slice(start) }
}

/**
 * Opens a keep-alive connection of the bench's own client. A real HTTP client costs about as much as the server it
 * measures; this one looks at status and length and costs the same for both sides.
 * @param from local address: more than one lets a machine hold more connections than it has ports
 */
export async function openWire(port: number, from = '127.0.0.1'): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let rest = ''
  let resolve: (reply: Reply) => void = () => {}
  let reject: (fault: Error) => void = () => {}
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    const reply = parse(rest)
    if (!reply) return
    rest = ''
    resolve(reply)
  })
  const broken = () => reject(new Error('The connection was closed before the reply.'))
  socket.on('error', broken).on('close', broken)
  return {
    socket,
    ask: (request) =>
      new Promise<Reply>((done, failed) => {
        resolve = done
        reject = failed
        socket.write(request, 'latin1')
      }),
  }
}
