import { ServerError } from './error.ts'
import { errorOf } from './fault.ts'
import type { Options } from './http.ts'
import type { Fetch } from './patient.ts'
import type { Jwks } from './receipt.ts'

const isJwks = (value: unknown): value is Jwks =>
  typeof value === 'object' &&
  value !== null &&
  'keys' in value &&
  Array.isArray(value.keys) &&
  value.keys.every((key) => typeof key === 'object' && key !== null)

/** The public keys of the instance at `url`, asked for without an API key. @throws {CountersignError} */
export async function jwksAt(url: string, fetch: Fetch, { signal }: Options = {}): Promise<Jwks> {
  const reply = await fetch(new Request(`${url}/.well-known/jwks.json`, signal ? { signal } : {}))
  const said: unknown = await reply.json().catch(() => undefined)
  if (!reply.ok) throw errorOf(reply, said)
  if (isJwks(said)) return said
  throw new ServerError({ code: 'NO_KEYS', message: `${url} publishes no keys.` })
}
