import { z } from 'zod'
import { roles } from './roles.ts'
import { text } from './words.ts'

/** Words about people that both sides speak. */

/**
 * An e-mail address as it is stored and compared: trimmed, NFKC, lower case. ASCII only, so that no look-alike letter can
 * pass for another person's address; internationalised domains are written in their `xn--` form.
 */
export const email = z
  .string()
  .max(254, 'Must be at most 254 characters.')
  .transform((value) => value.trim().normalize('NFKC').toLowerCase())
  .pipe(
    z
      .string()
      .regex(
        /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
        'Must be an e-mail address in ASCII, as ana@example.com.',
      )
      .refine((value) => value.indexOf('@') <= 64, 'The part before @ has at most 64 characters.'),
  )
  .meta({ type: 'string', example: 'ana@example.com' })

/** A role, in any case; upper case comes out (seed 3). */
export const role = z
  .string()
  .transform((value) => value.toUpperCase())
  .pipe(z.enum(roles, `Must be one of ${roles.join(', ')}.`))
  .meta({ type: 'string', enum: [...roles], example: 'MEMBER' })

export const personName = text(100)
  .transform((value) => value.trim())
  .pipe(z.string().min(1))
  .meta({ type: 'string', example: 'Ana Silva' })

/** 12 to 200 characters (ASVS 6.2): length and a list of the known bad ones, no rules of composition. */
export const password = text(800)
  .min(12, 'Must be at least 12 characters.')
  .refine((value) => value.length <= 200, 'Must be at most 200 characters.')

/** Capability of an invitation or a set-up link: 26 Crockford base32 characters. */
export const ticket = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/, 'Must be the last part of the link that you were given.')

/** Who may decide: an e-mail address, or everybody of a role as `role:ADMIN`. */
export const approver = z
  .string()
  .max(254)
  .transform((value) => value.trim())
  .pipe(
    z.string().transform((value, ctx) => {
      if (/^role:(OWNER|ADMIN|MEMBER|VIEWER)$/.test(value)) return value
      const read = email.safeParse(value)
      if (read.success) return read.data
      ctx.addIssue({ code: 'custom', message: 'Must be an e-mail address, or a role as role:ADMIN.' })
      return z.NEVER
    }),
  )
  .meta({ type: 'string', example: 'ana@example.com' })
