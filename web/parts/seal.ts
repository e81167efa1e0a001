/**
 * Encryption in this browser: AES-256-GCM under a key that stands only in the link's fragment, which no browser sends to
 * anybody. WebCrypto does the work; this says what is put together how.
 */

const encoder = new TextEncoder()
const [ivBytes, tagBytes] = [12, 16]

/** Plain bytes of one piece of a file; each becomes 16 longer. */
export const pieceBytes = 65_536

export const toBase64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** Undefined for what is no base64url. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

async function checkOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return toBase64Url(digest.subarray(0, 3))
}

/** Bytes as the fragment of a link: base64url, and four characters by which a link that was cut is known. */
export const asFragment = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  toBase64Url(bytes) + (await checkOf(bytes))

/** The bytes of a fragment; undefined when it is missing, cut or mistyped. */
export async function readFragment(fragment: string, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const text = fragment.replace(/^#/, '')
  const bytes = fromBase64Url(text.slice(0, -4))
  return bytes?.length === length && (await checkOf(bytes)) === text.slice(-4) ? bytes : undefined
}

/** Bytes of a key in a fragment. */
export const keyBytes = 32

export const newKey = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(keyBytes))

/** A key for one purpose, so that text and file never share one. */
async function keyFor(secret: Uint8Array<ArrayBuffer>, purpose: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

const join = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** What is sealed: the text, and what the file that comes with it is called. */
export type Note = { text: string; file?: { name: string; type: string; bytes: number } }

/**
 * A note as base64url: a random IV, then one line about the file and the text, with their tag. The text stands as it is: as
 * JSON 10 000 bytes of line breaks would be twice as many and no longer fit.
 */
export async function sealNote(secret: Uint8Array<ArrayBuffer>, note: Note): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const key = await keyFor(secret, 'countersign note')
  const plain = encoder.encode(`${JSON.stringify(note.file ?? null)}\n${note.text}`)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain)
  return toBase64Url(join(iv, new Uint8Array(sealed)))
}

/** Opens it; undefined when the key is another one or the text was changed. */
export async function openNote(secret: Uint8Array<ArrayBuffer>, sealed: string): Promise<Note | undefined> {
  const bytes = fromBase64Url(sealed)
  if (!bytes) return undefined
  try {
    const key = await keyFor(secret, 'countersign note')
    const how = { name: 'AES-GCM', iv: bytes.slice(0, ivBytes) }
    const plain = await crypto.subtle.decrypt(how, key, bytes.slice(ivBytes))
    // A byte order mark at its beginning is the text's own.
    const all = new TextDecoder('utf-8', { ignoreBOM: true }).decode(plain)
    const end = all.indexOf('\n')
    const file = JSON.parse(all.slice(0, end)) as Note['file'] | null // what sealNote put in, under the same key
    return { text: all.slice(end + 1), ...(file ? { file } : {}) }
  } catch {
    return undefined
  }
}

/** The IV of a piece: which one it is, and whether it is the last, so that none can be cut off, doubled or moved. */
function pieceIv(index: number, last: boolean): Uint8Array<ArrayBuffer> {
  const iv = new Uint8Array(ivBytes)
  new DataView(iv.buffer).setUint32(0, index)
  iv[ivBytes - 1] = last ? 1 : 0
  return iv
}

/** How long a file is once it is sealed. */
export const sealedLength = (bytes: number): number => bytes + tagBytes * Math.max(1, Math.ceil(bytes / pieceBytes))

/** A file piece by piece. The key of a secret seals one file, so that no IV comes twice. */
export async function sealFile(secret: Uint8Array<ArrayBuffer>, file: Blob): Promise<Blob> {
  const key = await keyFor(secret, 'countersign file')
  const count = Math.max(1, Math.ceil(file.size / pieceBytes))
  const pieces: ArrayBuffer[] = []
  for (let index = 0; index < count; index++) {
    const plain = await file.slice(index * pieceBytes, (index + 1) * pieceBytes).arrayBuffer()
    const iv = pieceIv(index, index === count - 1)
    pieces.push(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain))
  }
  return new Blob(pieces, { type: 'application/octet-stream' })
}

/** The file again; undefined when a piece is missing, moved or changed. */
export async function openFile(secret: Uint8Array<ArrayBuffer>, sealed: Blob, type: string): Promise<Blob | undefined> {
  const key = await keyFor(secret, 'countersign file')
  const step = pieceBytes + tagBytes
  const count = Math.max(1, Math.ceil(sealed.size / step))
  const pieces: ArrayBuffer[] = []
  try {
    for (let index = 0; index < count; index++) {
      const piece = await sealed.slice(index * step, (index + 1) * step).arrayBuffer()
      const iv = pieceIv(index, index === count - 1)
      pieces.push(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, piece))
    }
    return new Blob(pieces, { type })
  } catch {
    return undefined
  }
}

const curve = { name: 'ECDH', namedCurve: 'P-256' }

/** Bytes of the two halves of an asker's key pair: the public one in the link to send, the private one in the link to keep. */
export const [publicBytes, privateBytes] = [65, 138]

/** A key pair for an ask. P-256, because every browser has it. */
export async function newAskKeys(): Promise<{
  publicHalf: Uint8Array<ArrayBuffer>
  privateHalf: Uint8Array<ArrayBuffer>
}> {
  const pair = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  return {
    publicHalf: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    privateHalf: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
  }
}

const sharedBits = async (publicKey: CryptoKey, privateKey: CryptoKey) =>
  new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256))

/** Seals an answer for the owner of the public half: a half for this once, then the note. */
export async function sealFor(publicHalf: Uint8Array<ArrayBuffer>, note: Note): Promise<string> {
  const once = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  const theirs = await crypto.subtle.importKey('raw', publicHalf, curve, false, [])
  const half = new Uint8Array(await crypto.subtle.exportKey('raw', once.publicKey))
  return `${toBase64Url(half)}.${await sealNote(await sharedBits(theirs, once.privateKey), note)}`
}

/** Opens an answer with the private half; undefined when it was sealed for another one or was changed. */
export async function openFrom(privateHalf: Uint8Array<ArrayBuffer>, sealed: string): Promise<Note | undefined> {
  const [half = '', rest = ''] = sealed.split('.')
  try {
    const mine = await crypto.subtle.importKey('pkcs8', privateHalf, curve, false, ['deriveBits'])
    const theirs = await crypto.subtle.importKey('raw', fromBase64Url(half) ?? new Uint8Array(), curve, false, [])
    return await openNote(await sharedBits(theirs, mine), rest)
  } catch {
    return undefined
  }
}
