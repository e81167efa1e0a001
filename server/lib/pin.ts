import { hash, verify } from '@node-rs/argon2'
import { hmac } from './crypto.ts'

/** argon2id as OWASP's password storage sheet sets it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** As text: the library's verify takes no bytes that are not UTF-8. */
const peppered = (pepper: Uint8Array, pin: string): string => hmac(pepper, pin).toString('base64url')

/** Hashes HMAC(pepper, PIN), so that a dump without the pepper cannot be searched for a short PIN. */
export const hashPin = (pepper: Uint8Array, pin: string): Promise<string> => hash(peppered(pepper, pin), cost)

/** Whether `pin` is the one that was hashed; the comparison inside is constant in time. */
export const checkPin = (pepper: Uint8Array, pin: string, hashed: string): Promise<boolean> =>
  verify(hashed, peppered(pepper, pin))
