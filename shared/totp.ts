import { z } from 'zod'
import { algorithms, bareBase32, faultOfSeed } from './seed.ts'
import { secret } from './words.ts'

/** Words about one-time passwords by time (RFC 6238) that both sides speak. */

export { type Algorithm, algorithms, bareBase32, faultOfSeed, seedBytes } from './seed.ts'

/** A seed as people and other services write it (RFC 4648 base32); bare base32 comes out. */
export const totpSecret = secret(
  z
    .string()
    .max(1000, 'Must be at most 128 bytes.')
    .superRefine((value, ctx) => {
      const fault = faultOfSeed(value)
      if (fault) ctx.addIssue({ code: 'custom', message: fault })
    })
    .transform(bareBase32)
    .meta({
      type: 'string',
      example: 'JBSWY3DPEHPK3PXP',
      description: 'The seed in base32; blanks, dashes, case and padding do not matter. 10 to 128 bytes.',
    }),
)

/** How codes are made from a seed. */
export const totpFields = {
  algorithm: z.enum(algorithms).meta({ description: 'Hash of the codes; nearly always SHA1.' }),
  digits: z.number().int().min(6).max(8).meta({ description: 'Digits of a code, 6 to 8.' }),
  period: z.number().int().min(15).max(120).meta({ description: 'Seconds that a code lasts, 15 to 120.' }),
}
