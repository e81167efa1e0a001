import { hash, verify } from '@node-rs/argon2'
import { hmac } from './crypto.ts'

/** argon2id as OWASP's password storage sheet sets it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes HMAC(pepper, PIN), so that a dump without the pepper cannot be searched for a short PIN. */
export const hashPin = (pepper: Uint8Array, pin: string): Promise<string> => hash(hmac(pepper, pin), cost)

/** Whether `pin` is the one that was hashed; the comparison inside is constant in time. */
export const checkPin = (pepper: Uint8Array, pin: string, hashed: string): Promise<boolean> =>
  verify(hashed, hmac(pepper, pin))
