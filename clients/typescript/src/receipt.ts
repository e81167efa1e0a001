import type { components } from './api.ts'
import { canonical, fromBase64url, textIn } from './canonical.ts'
import { CountersignError } from './error.ts'

/** What a receipt says. `value`: what the decision set; `scope`: what was allowed, of a permission; null: neither, or a no. */
export type Receipt = {
  approval_id: string
  project: string
  action_hash: string
  action: string
  value: string | null
  scope: Record<string, unknown> | null
  decided_by: components['schemas']['Actor'][]
  decided_at: string
  env: 'live' | 'test'
  audit_head: {
    number: number
    total: number
    head: string
    at: string
    signature: string
    public_key: string
  } | null
}

/** Public keys as `/.well-known/jwks.json` tells them. */
export type Jwks = { keys: readonly { kty?: string; crv?: string; x?: string; kid?: string }[] }

export type ReceiptFault =
  | 'NOT_A_RECEIPT'
  | 'WRONG_ALGORITHM'
  | 'UNKNOWN_KEY'
  | 'ALTERED'
  | 'NOT_CANONICAL'
  | 'WRONG_APPROVAL'
  | 'WRONG_ACTION'
  | 'WRONG_PROJECT'

/** What a receipt must be of; whatever is left out is not looked at. */
export type Expected = {
  approvalId?: string | undefined
  actionHash?: string | undefined
  project?: string | undefined
}

const sentences: Record<ReceiptFault, string> = {
  NOT_A_RECEIPT: 'This is not a receipt.',
  WRONG_ALGORITHM: 'It is not signed by Ed25519 (alg EdDSA), so it proves nothing.',
  UNKNOWN_KEY: 'It is signed by a key that is not among the known ones.',
  ALTERED: 'Its signature does not fit: it was altered.',
  NOT_CANONICAL: 'It is not spelt as receipts are (RFC 8785).',
  WRONG_APPROVAL: 'It is the receipt of another approval.',
  WRONG_ACTION: 'It is the receipt of a decision about something else.',
  WRONG_PROJECT: 'It is the receipt of another project.',
}

/** A receipt that proves nothing, or not what it should. `code` says why. */
export class ReceiptError extends CountersignError {
  override readonly name: string = 'ReceiptError'
  declare readonly code: ReceiptFault // as the constructor gave it

  constructor(code: ReceiptFault, more = '') {
    super({ code, message: sentences[code] + more })
  }
}

/** Everything of a parsed header or payload is doubted until it was looked at. */
type Doubtful = Record<string, unknown>

const isObject = (value: unknown): value is Doubtful =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'

function objectIn(segment: string): Doubtful {
  try {
    const value: unknown = JSON.parse(textIn(segment))
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw new ReceiptError('NOT_A_RECEIPT')
}

/** The kid of a header that says what all our headers say and nothing else: nothing in it chooses how it is judged. */
function kidIn(segment: string): string {
  const { alg, kid, typ, ...rest } = objectIn(segment)
  if (typ !== 'countersign-receipt+jws' || !isText(kid)) throw new ReceiptError('NOT_A_RECEIPT')
  if (alg !== 'EdDSA') throw new ReceiptError('WRONG_ALGORITHM')
  if (Object.keys(rest).length > 0 || textIn(segment) !== canonical({ alg, kid, typ }))
    throw new ReceiptError('NOT_CANONICAL')
  return kid
}

async function keyOf({ keys }: Jwks, kid: string): Promise<CryptoKey> {
  const found = keys.find((key) => key.kid === kid && key.kty === 'OKP' && key.crv === 'Ed25519')
  if (!found?.x || fromBase64url(found.x)?.length !== 32)
    throw new ReceiptError('UNKNOWN_KEY', ` Its kid is ${JSON.stringify(kid.slice(0, 64))}.`)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: found.x }
  return crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify'])
}

function payloadIn(segment: string): Receipt {
  const said = objectIn(segment)
  const { approval_id, project, action_hash, action, value, scope, decided_by, decided_at, env, audit_head } = said
  const fits =
    [approval_id, project, action_hash, action].every(isText) &&
    (value === null || isText(value)) &&
    [scope, audit_head].every((one) => one === null || isObject(one)) &&
    Array.isArray(decided_by) &&
    decided_by.length > 0 &&
    decided_by.every((one) => isObject(one) && isText(one.type) && isText(one.name)) &&
    isText(decided_at) &&
    !Number.isNaN(Date.parse(decided_at)) &&
    (env === 'live' || env === 'test')
  if (!fits) throw new ReceiptError('NOT_A_RECEIPT')
  if (textIn(segment) !== canonical(said)) throw new ReceiptError('NOT_CANONICAL')
  return said as Receipt // looked at field by field
}

/**
 * What a receipt says, once it is proven: by Ed25519 alone, by one of these keys, over exactly these bytes, and of what is
 * expected. Asks nobody: keep the keys of `client.jwks()` where it is called. It says nothing of whether the receipt was used;
 * that is `client.approvals.consumeReceipt`.
 * @throws {ReceiptError}
 */
export async function verifyReceipt(receipt: string, jwks: Jwks, expected: Expected = {}): Promise<Receipt> {
  const [header = '', payload = '', signature = '', ...rest] = receipt.split('.')
  if (rest.length > 0 || ![header, payload].every((part) => /^[\w-]+$/.test(part)))
    throw new ReceiptError('NOT_A_RECEIPT')
  const key = await keyOf(jwks, kidIn(header))
  const proof = fromBase64url(signature)
  const words = new TextEncoder().encode(`${header}.${payload}`)
  if (!proof || !(await crypto.subtle.verify('Ed25519', key, proof, words))) throw new ReceiptError('ALTERED')
  const said = payloadIn(payload)
  const { approvalId, actionHash, project } = expected
  if (approvalId !== undefined && said.approval_id !== approvalId) throw new ReceiptError('WRONG_APPROVAL')
  if (actionHash !== undefined && said.action_hash !== actionHash) throw new ReceiptError('WRONG_ACTION')
  if (project !== undefined && said.project !== project) throw new ReceiptError('WRONG_PROJECT')
  return said
}
