import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorCode, errors, Refusal } from '../../shared/errors.ts'
import { faultBody } from '../rpc/fault.ts'

const codeOf: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'TOO_SLOW',
}

/** Connections whose request takes longer than others because its body may; see `bytes.ts`, which has a limit of its own. */
const waitedFor = new WeakSet<Socket>()

/** Takes a connection out of the HTTP server's limit for whole requests, until the function that it answers is called. */
export function waitFor(socket: Socket): () => void {
  waitedFor.add(socket)
  return () => void waitedFor.delete(socket)
}

/** Answers what never became a request (broken HTTP, headers without end) in the shape and with the headers of all replies, and hangs up. */
export function answerBroken(headers: Record<string, string>) {
  return (fault: Error & { code?: string }, socket: Socket): void => {
    // The server asks once for each request, and leaves the connection alone when it is not closed here.
    if (fault.code === 'ERR_HTTP_REQUEST_TIMEOUT' && waitedFor.has(socket)) return
    if (!socket.writable || fault.code === 'ECONNRESET') return void socket.destroy()
    const code = codeOf[fault.code ?? ''] ?? 'MALFORMED_REQUEST'
    const id = randomUUID()
    const body = JSON.stringify(faultBody(new Refusal(code), id))
    const { status } = errors[code]
    const lines = Object.entries({
      ...headers,
      'x-request-id': id,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  }
}
