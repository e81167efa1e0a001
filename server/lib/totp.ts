import { createHmac } from 'node:crypto'
import { Secret } from 'otpauth'
import type { Algorithm } from '../../shared/totp.ts'

/** How codes are made from a seed (RFC 6238); `period` in seconds. */
export type Recipe = { algorithm: Algorithm; digits: number; period: number }

/** The time step that an instant lies in. */
export const stepAt = (at: Date, period: number): number => Math.floor(at.getTime() / 1000 / period)

/** When a time step begins. */
export const startOf = (step: number, period: number): Date => new Date(step * period * 1000)

/**
 * The code of a time step (RFC 4226, 5.3). The library's own makes half as many of them a second, and a page asks for fifty
 * at once; Appendix B of RFC 6238 and oathtool say that they are the same.
 */
export function codeOf(seed: Uint8Array, { algorithm, digits }: Recipe, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(algorithm, seed).update(counter).digest()
  const from = mac.readUInt8(mac.length - 1) & 15
  const number = mac.readUInt32BE(from) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** Seeds between bytes and the base32 (RFC 4648, no padding) that people see. */
export const seedOf = (base32: string): Buffer => Buffer.from(Secret.fromBase32(base32).bytes)
export const base32Of = (seed: Uint8Array): string => new Secret({ buffer: Uint8Array.from(seed).buffer }).base32
