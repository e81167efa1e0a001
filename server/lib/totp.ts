import { Secret, TOTP } from 'otpauth'
import type { Algorithm } from '../../shared/totp.ts'

/** How codes are made from a seed (RFC 6238); `period` in seconds. */
export type Recipe = { algorithm: Algorithm; digits: number; period: number }

/** The time step that an instant lies in. */
export const stepAt = (at: Date, period: number): number => Math.floor(at.getTime() / 1000 / period)

/** When a time step begins. */
export const startOf = (step: number, period: number): Date => new Date(step * period * 1000)

const secretOf = (seed: Uint8Array) => new Secret({ buffer: Uint8Array.from(seed).buffer })

/** The code of a time step. */
export const codeOf = (seed: Uint8Array, recipe: Recipe, step: number): string =>
  new TOTP({ secret: secretOf(seed), ...recipe }).generate({ timestamp: step * recipe.period * 1000 })

/** Seeds between bytes and the base32 (RFC 4648, no padding) that people see. */
export const seedOf = (base32: string): Buffer => Buffer.from(Secret.fromBase32(base32).bytes)
export const base32Of = (seed: Uint8Array): string => secretOf(seed).base32
