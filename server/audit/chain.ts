import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { vouchKey } from '../events/event.ts'
import { canonical } from '../lib/canonical.ts'
import { sha256 } from '../lib/crypto.ts'

/** An audit row as texts, exactly as PostgreSQL writes them: what hashes are made of. `at` is in milliseconds since 1970. */
export type RowTexts = {
  seq: string
  id: string
  project_id: string
  name: string
  actor: string
  target: string
  payload: string
  request_id: string | null
  ip: string | null
  user_agent: string | null
  at: string
  tick: string
  mac: Uint8Array
}

/** The same text that the trigger `events_vouch` hashes. */
const textOf = (row: RowTexts): string =>
  `[${[
    ...[row.seq, row.id, row.project_id, row.name, row.actor, row.target, row.payload],
    ...[row.request_id, row.ip, row.user_agent, row.at, row.tick],
  ]
    .map((part) => JSON.stringify(part))
    .join(', ')}]`

/** What a row's `mac` must be. Nested: nothing can be appended to what was hashed. */
export const macOf = (auditKey: Uint8Array, row: RowTexts): Buffer =>
  sha256(Buffer.concat([vouchKey(auditKey, row.id), sha256(textOf(row))]))

/** A row's part in its seal: all that it says, its `mac` too. */
export const leafOf = (row: RowTexts): Buffer => sha256(Buffer.concat([sha256(textOf(row)), row.mac]))

/** Where a chain stands: what is signed, kept elsewhere, and told by `GET /v1/audit/head`. */
export type Place = { project_id: string; number: number; total: number; head: string; at: string }

/** A place with its proof. `signature` is Ed25519 over the canonical JSON (RFC 8785) of the other fields, base64url. */
export type Head = Place & { public_key: string; signature: string }

/** One seal without its signature, as its head covers it. `digest`: SHA-256 over the leaves in order. */
export type Link = {
  project_id: string
  number: number
  from_tick: number
  to_tick: number
  rows: number
  total: number
  digest: Uint8Array
  at: Date
}

/** The head after a seal: everything it says, and through the head before it everything before it. */
export function headAfter(previous: Uint8Array | undefined, link: Link): Buffer {
  const { project_id, number, from_tick, to_tick, rows, total } = link
  const digest = Buffer.from(link.digest).toString('hex')
  const before = previous === undefined ? null : Buffer.from(previous).toString('hex')
  return sha256(
    canonical({ project_id, number, from_tick, to_tick, rows, total, digest, at: link.at.toISOString(), before }),
  )
}

/** PKCS #8 around a bare Ed25519 seed (RFC 8410): Node takes no seed by itself. */
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Signs and proves heads of one instance. */
export type Signer = {
  /** Raw Ed25519 public key, base64url. */
  publicKey: string
  sign(place: Place): Head
  /** Whether the signature is ours and over exactly these words. */
  holds(head: Head): boolean
}

const signers = new WeakMap<Uint8Array, Signer>()

/** The signer of a 32-byte seed; made once, since making keys costs more than signing. */
export function signerOf(seed: Uint8Array): Signer {
  const known = signers.get(seed)
  if (known) return known
  const key = createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: 'der', type: 'pkcs8' })
  const signer = makeSigner(key, createPublicKey(key))
  signers.set(seed, signer)
  return signer
}

function makeSigner(key: KeyObject, open: KeyObject): Signer {
  const publicKey = open.export({ format: 'jwk' }).x ?? ''
  return {
    publicKey,
    sign(place) {
      const words = { ...place, public_key: publicKey }
      return { ...words, signature: sign(null, Buffer.from(canonical(words)), key).toString('base64url') }
    },
    holds({ signature, ...words }) {
      const proof = Buffer.from(signature, 'base64url')
      return words.public_key === publicKey && verify(null, Buffer.from(canonical(words)), open, proof)
    },
  }
}
