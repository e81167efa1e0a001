import type { IncomingMessage } from 'node:http'
import { refuse } from '../../shared/errors.ts'
import type { Transport } from '../../shared/scopes.ts'
import type { Actor } from '../context.ts'
import { actorOfKnown, type KnownKey, keyOfText } from '../keys/known.ts'
import { allows } from '../lib/allowlist.ts'
import type { World } from '../world.ts'

/** A key's text and the way it came. */
export type Credential = { text: string; transport: Transport; userName?: string }

const ways: Record<Transport, string> = {
  header: 'in a header',
  basic: 'by HTTP Basic',
  query: 'in the query string',
  form: 'in a form field',
  json: 'in the JSON body',
}

/** `USERNAME:APITOKEN` (seed 4): the password is the key, whatever the user name. */
function fromBasic(encoded: string): Credential[] {
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  const text = colon < 0 ? '' : pair.slice(colon + 1)
  return text === '' ? [] : [{ text, transport: 'basic', userName: pair.slice(0, colon) }]
}

function fromAuthorization(value: string): Credential[] {
  const [, scheme = '', text = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(value) ?? []
  if (/^bearer$/i.test(scheme)) return [{ text, transport: 'header' }]
  if (/^basic$/i.test(scheme)) return fromBasic(text)
  return []
}

/**
 * Every credential in the headers: Bearer (seeds 0, 2, 3), X-API-Key (2, 3), X-ApiKey (1), Basic (4). Of the raw headers:
 * Node keeps the first of two Authorization headers, and two different ones must not pass for one.
 */
export function credentialsInHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Credential[] {
  const found: Credential[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i]?.toLowerCase(), rawHeaders[i + 1]]
    if (name === 'authorization') found.push(...fromAuthorization(value))
    else if (name === 'x-api-key' || name === 'x-apikey') found.push({ text: value.trim(), transport: 'header' })
  }
  return found
}

/** Takes a credential out of query, form or body fields, before anything validates or logs them. */
export function takeCredential(fields: Map<string, unknown>, name: string, transport: Transport): Credential[] {
  const found = fields.get(name)
  if (typeof found !== 'string') return []
  fields.delete(name)
  return [{ text: found, transport }]
}

/** The one credential of a request. Two different ones are refused: nobody could say which was meant. */
export function theCredential(all: Credential[]): Credential | undefined {
  const given = all.filter((one) => one.text !== '')
  const [first] = given
  if (given.some((one) => one.text !== first?.text)) refuse('AMBIGUOUS_CREDENTIALS')
  return first
}

/** What a door that keeps an access log is told of the key: that it exists, and then that it was let in. */
type Told = { identified?: true; key?: KnownKey; isUse?: true }

/**
 * The actor behind a request's credentials. Refuses an ended key, then each credential that came in a way that the key's
 * maker did not allow, then an address outside the project's allowlist or the key's own.
 */
export async function identify(world: World, all: Credential[], ip: string, told: Told = {}): Promise<Actor> {
  told.identified = true
  const credential = theCredential(all)
  if (!credential) return { type: 'visitor' }
  const key = await keyOfText(world, credential.text)
  told.key = key
  const actor = actorOfKnown(key)
  const refused = all.find((one) => one.text !== '' && !actor.transports.includes(one.transport))
  if (refused)
    refuse('TRANSPORT_NOT_ALLOWED', {
      sentence: `This API key may not arrive ${ways[refused.transport]}; send it as Authorization: Bearer, or create a key with --transports ${refused.transport}.`,
    })
  if (!allows(actor.projectAllowlist, ip) || !allows(actor.ipAllowlist, ip)) refuse('IP_NOT_ALLOWED')
  told.isUse = true
  return actor
}
