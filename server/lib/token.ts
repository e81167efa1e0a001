import { randomBytes, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const bodyLength = 26
const sumLength = 6

/** Text of `length` characters, each drawn evenly from `alphabet` by the system's generator. */
export const randomText = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

function checksum(text: string): string {
  let rest = crc32(text)
  let sum = ''
  for (let i = 0; i < sumLength; i++) {
    sum = base62[rest % 62] + sum
    rest = Math.floor(rest / 62)
  }
  return sum
}

/** API key text: prefix + 32 base62 characters, the last 6 a CRC32 over all before, so that a typo never reaches SQL. */
export function makeKeyText(prefix: string): string {
  const text = prefix + randomText(base62, bodyLength)
  return text + checksum(text)
}

const keyShape = /^[a-z]+(?:_[a-z]+)*_[0-9A-Za-z]{32}$/

/** True when the text is shaped like a key of ours and its checksum holds. Says nothing of whether the key exists. */
export const isKeyText = (text: string): boolean =>
  text.length <= 80 && keyShape.test(text) && checksum(text.slice(0, -sumLength)) === text.slice(-sumLength)

/** 26 Crockford base32 characters of the first 26 bytes, five bits of each. */
export const linkTokenOf = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 26), (byte) => crockford[byte & 31]).join('')

/** A link's capability: 26 Crockford base32 characters, 130 random bits, no time and no sequence in it. */
export const makeLinkToken = (): string => linkTokenOf(randomBytes(26))

/** Links are read back in any case: Crockford's alphabet has one. */
export const normalLinkToken = (token: string): string => token.toUpperCase()

/** `length` random decimal digits. */
export const randomDigits = (length: number): string => randomText('0123456789', length)
