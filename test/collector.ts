import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** A span as OTLP's JSON has it, its attributes as an object. */
export type SentSpan = {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  kind: number
  status: number
  attributes: Record<string, unknown>
}

type Wire = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  status?: { code?: number }
  attributes: { key: string; value: Record<string, unknown> }[]
}

const read = ({ traceId, spanId, parentSpanId, name, kind, status, attributes }: Wire): SentSpan => ({
  ...{ traceId, spanId, name, kind, parentSpanId: parentSpanId || undefined, status: status?.code ?? 0 },
  attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
})

/** A collector of OpenTelemetry on loopback, OTLP over HTTP in JSON; `hangs` takes what is sent and never answers. */
export async function collector({ hangs = false } = {}) {
  const bodies: string[] = []
  const asked: { path: string | undefined; headers: Record<string, unknown> }[] = []
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    asked.push({ path: request.url, headers: request.headers })
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      if (!hangs) reply.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  afterAll(close)
  // A listening server has a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** All that came, as it came. */
    text: () => bodies.join('\n'),
    resource: (): Record<string, unknown> => {
      const { attributes } = JSON.parse(bodies[0] ?? '{}').resourceSpans[0].resource as Pick<Wire, 'attributes'>
      return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
    },
    spans: (): SentSpan[] =>
      bodies.flatMap((body) => {
        const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Wire[] }[] }[] }
        return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(read)))
      }),
    close,
  }
}
