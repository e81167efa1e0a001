import { lookup, Resolver } from 'node:dns/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'
import { type Allowed, isAllowedAddress, isAllowedHost, isPublic } from './outbound-address.ts'
import { faultOf, OutboundFault } from './outbound-fault.ts'
import { type Target, targetOf, type UrlFault } from './outbound-url.ts'

export type OutboundRequest = {
  url: string
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
  /** For all of it: name, connection, reply. 15 s unless told. */
  timeoutMs?: number
}

export type OutboundReply = {
  status: number
  headers: Readonly<http.IncomingHttpHeaders>
  /** At most 64 KiB of it; what comes after is not waited for. */
  body: string
}

/** All addresses of a name, A and AAAA. */
export type Resolve = (name: string) => Promise<string[]>

/** Sends to addresses that people gave, and to none that they must not reach through us. */
export type Outbound = {
  /** What is wrong with an address as it is written; nothing is asked of anybody. */
  faultOfUrl(url: string): UrlFault | undefined
  /** Sends one request. A redirect is an answer like any other, and followed by nobody. @throws {OutboundFault} */
  send(request: OutboundRequest): Promise<OutboundReply>
}

export type OutboundOptions = {
  allowed: Allowed
  /** In the place of the system's: tests give theirs. */
  resolve?: Resolve
  /** Certificates of the authorities that count, in the place of the public ones. */
  ca?: string
}

const timeoutMs = 15_000
const mostBody = 64 * 1024
const mostHeaders = 16 * 1024

/**
 * Names of the open Internet are asked of the name servers; those that the operator allows, of the system, which also knows
 * its hosts file (and keeps a thread for each question, which strangers must not use up).
 */
const resolverOf =
  (allowed: Allowed): Resolve =>
  async (name) => {
    if (isAllowedHost(allowed, name)) return (await lookup(name, { all: true })).map(({ address }) => address)
    const resolver = new Resolver({ timeout: 3000, tries: 2 })
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  }

/** The addresses to connect to, each allowed; one that is not refuses them all, since whoever owns the name chose it. */
async function addressesOf(target: Target, allowed: Allowed, resolve: Resolve): Promise<string[]> {
  // An address was judged as it was written.
  if (target.isAddress) return [target.host]
  const addresses = await resolve(target.host).catch(() => [])
  if (addresses.length === 0) throw new OutboundFault('NAME_NOT_FOUND')
  if (isAllowedHost(allowed, target.host)) return addresses
  if (!addresses.every((address) => isPublic(address) || isAllowedAddress(allowed, address)))
    throw new OutboundFault('ADDRESS_NOT_ALLOWED')
  return addresses
}

/** Answers what was resolved and judged, whoever asks again: nothing can change between the look and the connection. */
const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_name, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
    const [first] = found
    if (all || !first) done(null, found)
    else done(null, first.address, first.family)
  }

/** Reads a reply to its end, or to as much as is wanted of it. */
async function bodyOf(reply: http.IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of reply as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    // Leaving the loop ends the connection.
    if (bytes >= mostBody) break
  }
  return Buffer.concat(chunks).subarray(0, mostBody).toString()
}

/** Opens the one way by which this service sends to addresses that people gave. No proxy of the environment is used. */
export function openOutbound({ allowed, resolve = resolverOf(allowed), ca }: OutboundOptions): Outbound {
  async function send(request: OutboundRequest, signal: AbortSignal): Promise<OutboundReply> {
    const target = targetOf(request.url, allowed)
    if (typeof target === 'string') throw new OutboundFault(target)
    const addresses = await addressesOf(target, allowed, resolve)
    signal.throwIfAborted()
    const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body
    const options: https.RequestOptions = {
      host: target.host,
      port: target.port,
      path: target.path,
      method: request.method ?? 'POST',
      headers: { ...request.headers, host: target.authority, 'content-length': body.byteLength },
      lookup: pinnedTo(addresses),
      maxHeaderSize: mostHeaders,
      signal,
    }
    // A connection for each: one that is kept would be used without a look at its address.
    const sent = target.secure
      ? https.request({ ...options, agent: new https.Agent(ca === undefined ? {} : { ca }) })
      : http.request({ ...options, agent: new http.Agent() })
    const reply = await new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject).end(body)
    })
    return { status: reply.statusCode ?? 0, headers: reply.headers, body: await bodyOf(reply) }
  }
  return {
    faultOfUrl(url) {
      const target = targetOf(url, allowed)
      return typeof target === 'string' ? target : undefined
    },
    async send(request) {
      const ended = new AbortController()
      const late = new Promise<never>((_, reject) => {
        ended.signal.addEventListener('abort', () => reject(new OutboundFault('TIMEOUT')))
      })
      const timer = setTimeout(() => ended.abort(), request.timeoutMs ?? timeoutMs)
      try {
        return await Promise.race([send(request, ended.signal), late])
      } catch (error) {
        throw ended.signal.aborted ? new OutboundFault('TIMEOUT') : faultOf(error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
