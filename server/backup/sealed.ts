import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Bytes of plain text in each piece but the last, which may be shorter. */
const pieceBytes = 64 * 1024
const tagBytes = 16

/** The archive was cut, changed, or is none. */
export class DamagedArchive extends Error {}

/** Where a piece stands and whether it is the last, so that none can be moved, repeated, cut off or put after the end. */
function nonceOf(place: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt8(last ? 1 : 0, 0)
  nonce.writeUIntBE(place, 6, 6)
  return nonce
}

type Piece = { bytes: Buffer; place: number; last: boolean }

/** The same bytes in pieces of one size; the last has what is left, which may be nothing. */
async function* pieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Piece> {
  let held: Uint8Array[] = []
  let length = 0
  let place = 0
  for await (const bytes of source) {
    held.push(bytes)
    length += bytes.length
    if (length <= size) continue
    const whole = Buffer.concat(held)
    let from = 0
    // One byte more than a piece must be there: otherwise it may be the last.
    for (; whole.length - from > size; from += size)
      yield { bytes: whole.subarray(from, from + size), place: place++, last: false }
    held = [whole.subarray(from)]
    length = whole.length - from
  }
  yield { bytes: Buffer.concat(held), place, last: true }
}

/**
 * Seals a stream with AES-256-GCM piece by piece, in memory of one piece. The key must be of this stream alone: nonces
 * count. What is `bound` is authenticated with every piece.
 */
export async function* sealStream(key: Uint8Array, bound: Uint8Array, plain: AsyncIterable<Uint8Array>) {
  for await (const { bytes, place, last } of pieces(plain, pieceBytes)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place, last), { authTagLength: tagBytes }).setAAD(bound)
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  }
}

/** Opens what `sealStream` made; every byte it gives was proven, and it ends well only at the true end. @throws {DamagedArchive} */
export async function* openStream(key: Uint8Array, bound: Uint8Array, sealed: AsyncIterable<Uint8Array>) {
  for await (const { bytes, place, last } of pieces(sealed, pieceBytes + tagBytes)) {
    if (bytes.length < tagBytes) throw new DamagedArchive('It was cut.')
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place, last), { authTagLength: tagBytes })
    decipher.setAAD(bound).setAuthTag(bytes.subarray(-tagBytes))
    yield proven(() => Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]))
  }
}

function proven(open: () => Buffer): Buffer {
  try {
    return open()
  } catch {
    throw new DamagedArchive('It was changed or cut.')
  }
}
