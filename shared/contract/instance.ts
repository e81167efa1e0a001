import { z } from 'zod'
import { email } from '../people.ts'
import { mutation, query } from './endpoint.ts'

const look = z.strictObject({ name: z.string(), ok: z.boolean(), sentence: z.string() })

/** What whoever runs the instance sees of it. */
export const instance = {
  health: query({
    access: 'signed in',
    input: z.strictObject({}),
    output: z.strictObject({
      version: z.string(),
      public_url: z.string(),
      your_ip: z.string(),
      looks: z.array(look),
    }),
    errors: ['INSUFFICIENT_ROLE'],
  }),
  testMail: mutation({
    access: 'signed in',
    input: z.strictObject({ to: email }),
    output: z.void(),
    errors: ['INSUFFICIENT_ROLE', 'MAIL_OFF'],
  }),
}
