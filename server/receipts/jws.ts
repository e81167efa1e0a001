import { type KeyObject, sign, verify } from 'node:crypto'
import type { z } from 'zod'
import { receiptPayload } from '../../shared/contract/receipt.ts'
import { canonical } from '../lib/canonical.ts'
import type { SigningKey } from './keys.ts'

export type ReceiptPayload = z.output<typeof receiptPayload>

/** The whole header (RFC 7515): one algorithm, and no word by which a receipt could choose how it is judged. */
const headerOf = (kid: string) => ({ alg: 'EdDSA', kid, typ: 'countersign-receipt+jws' })

const segment = (value: unknown): string => Buffer.from(canonical(value)).toString('base64url')

/** A receipt: header and payload as canonical JSON (RFC 8785), signed by Ed25519 (RFC 8037). */
export function signedText({ kid, key }: SigningKey, payload: ReceiptPayload): string {
  const words = `${segment(headerOf(kid))}.${segment(payload)}`
  return `${words}.${sign(null, Buffer.from(words), key).toString('base64url')}`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** The kid of a header that is exactly ours. */
function kidIn(header: string): string | undefined {
  const words = jsonIn(header)
  const kid = typeof words === 'object' && words !== null && 'kid' in words ? words.kid : undefined
  return typeof kid === 'string' && segment(headerOf(kid)) === header ? kid : undefined
}

/**
 * What a receipt says; undefined unless it was signed by a key that `keyOf` knows, over exactly these bytes. Each part must
 * be spelt the one way that we spell it, so a receipt has one text.
 */
export async function readReceipt(
  text: string,
  keyOf: (kid: string) => Promise<KeyObject | undefined>,
): Promise<ReceiptPayload | undefined> {
  const [header = '', payload = '', signature = '', ...rest] = text.split('.')
  const kid = kidIn(header)
  const key = kid === undefined || rest.length > 0 ? undefined : await keyOf(kid)
  const proof = Buffer.from(signature, 'base64url')
  if (!key || proof.toString('base64url') !== signature) return undefined
  if (!verify(null, Buffer.from(`${header}.${payload}`), key, proof)) return undefined
  const read = receiptPayload.safeParse(jsonIn(payload))
  return read.success && segment(read.data) === payload ? read.data : undefined
}
