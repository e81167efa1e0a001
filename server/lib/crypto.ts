import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

const tagBytes = 16
const ivBytes = 12

/** HKDF-SHA-256 (RFC 5869) to 32 bytes; `purpose` keeps keys for different uses apart. */
export const derive = (key: Uint8Array, purpose: string, salt: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, purpose, 32))

/** HMAC-SHA-256: how every capability is stored and looked up. */
export const hmac = (key: Uint8Array, text: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(text).digest()

export const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time, also texts of different length. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

/** AES-256-GCM with a random 12-byte IV and a full tag; `bound` is authenticated with it and must be equal to open. */
export function seal(key: Uint8Array, plain: Uint8Array, bound: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(bound))
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` made; throws when the key, the text or `bound` is another one. Short tags are never accepted. */
export function unseal(key: Uint8Array, sealed: Uint8Array, bound: string): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw new Error('Sealed text is too short.')
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(bound)).setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()])
}
