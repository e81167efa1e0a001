import { z } from 'zod'
import { password, personName, ticket } from '../people.ts'
import { roles } from '../roles.ts'
import { time } from '../words.ts'
import { mutation } from './endpoint.ts'

/** What the holder of an invitation's link does with it. */
export const invitations = {
  /** It changes nothing, but a question would carry the token in its address, where proxies log it. */
  open: mutation({
    access: 'public',
    limit: 'approval read',
    input: z.strictObject({ token: ticket }),
    output: z.strictObject({
      project: z.string(),
      email: z.string(),
      role: z.enum(roles),
      invited_by: z.string(),
      expires_at: time,
      /** Somebody has an account under this address already: sign in to accept. */
      known: z.boolean(),
    }),
    errors: ['NOT_FOUND', 'INVITATION_GONE'],
  }),
  /** Joins with the account that is signed in; its address must be the invited one. */
  accept: mutation({
    access: 'signed in',
    input: z.strictObject({ token: ticket }),
    output: z.strictObject({ project_id: z.string() }),
    errors: ['NOT_FOUND', 'INVITATION_GONE', 'INVITATION_OF_ANOTHER', 'ALREADY_MEMBER'],
  }),
  /** Makes an account for the invited address and joins; the browser is signed in by the cookie of the reply. */
  join: mutation({
    access: 'public',
    limit: 'sign in',
    input: z.strictObject({ token: ticket, name: personName, password }),
    output: z.strictObject({ project_id: z.string() }),
    errors: ['NOT_FOUND', 'INVITATION_GONE', 'ALREADY_MEMBER'],
  }),
}
