import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** X25519 (RFC 7748) with keys as 32 bytes: sealing for somebody of whom only the public half is here. */

// DER of RFC 8410 around the 32 bytes.
const privateHead = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicHead = Buffer.from('302a300506032b656e032100', 'hex')

const privateOf = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' })

const publicOf = (bytes: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([publicHead, bytes]), format: 'der', type: 'spki' })

const bytesOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(publicHead.length)

/** The public half of the key pair whose private half is `seed` (32 bytes). */
export const publicHalf = (seed: Uint8Array): Buffer => bytesOf(createPublicKey(privateOf(seed)))

/** What the holder of `seed` and the owner of the other public half both know. */
export const sharedWith = (seed: Uint8Array, other: Uint8Array): Buffer =>
  diffieHellman({ privateKey: privateOf(seed), publicKey: publicOf(other) })

/** A key pair for one use: its public half, and what it shares with the owner of `other`. */
export function sharedOnce(other: Uint8Array): { publicHalf: Buffer; shared: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  return { publicHalf: bytesOf(publicKey), shared: diffieHellman({ privateKey, publicKey: publicOf(other) }) }
}
