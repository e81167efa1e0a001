import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { startDelivering } from '../server/jobs/deliver.ts'
import type { World } from '../server/world.ts'

/** What lets a test's receivers be sent to, over http. */
export const inside = { OUTBOUND_ALLOW: '127.0.0.1' }

export type Got = { path: string; headers: IncomingHttpHeaders; body: string; id: string }

export type Receiver = {
  url: string
  got: Got[]
  /** Ids in the order they came, those it took and all others. */
  ids(): string[]
  /** How it answers from now on: a status, or all of it. */
  answer(how: number | ((reply: ServerResponse, got: Got) => void)): void
  connections(): number
  close(): Promise<void>
}

/** Somebody's endpoint on the loopback; answers 204 until told otherwise. */
export async function receiver(): Promise<Receiver> {
  const got: Got[] = []
  let connections = 0
  let how: number | ((reply: ServerResponse, got: Got) => void) = 204
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { url: path = '', headers } = request
    const one = { path, headers, body, id: String(headers['webhook-id']) }
    got.push(one)
    if (typeof how === 'number') reply.writeHead(how).end()
    else how(reply, one)
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  afterAll(close)
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    ids: () => got.map((one) => one.id),
    answer(next) {
      how = next
    },
    connections: () => connections,
    close,
  }
}

/** Delivers on this world until the file ends, as a node does. */
export function delivering(world: World): { stop(): Promise<void> } {
  const running = startDelivering(world)
  afterAll(() => running.stop())
  return running
}

/** Time goes by: what waits for its next try is due now. */
export const hurry = (world: World) =>
  world.db.sql`update deliveries set next_at = now() where status = 'waiting' and next_at > now()`
