import { z } from 'zod'
import { personName } from '../people.ts'
import { roles } from '../roles.ts'
import { id, time } from '../words.ts'
import { mutation, query } from './endpoint.ts'

const session = z.strictObject({
  id,
  current: z.boolean(),
  created_at: time,
  seen_at: time,
  expires_at: time,
  remembered: z.boolean(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
})

/** Who is signed in, and where else. */
export const me = {
  get: query({
    access: 'signed in',
    input: z.strictObject({}),
    output: z.strictObject({
      id,
      name: z.string(),
      email: z.string(),
      runs_instance: z.boolean(),
      has_password: z.boolean(),
      github: z.boolean(),
      two_factor: z.boolean(),
      passkeys: z.array(
        z.strictObject({
          id,
          /** What browsers know it by (base64url), to ask for it where a decision needs one. */
          credential_id: z.string(),
          name: z.string().nullable(),
          created_at: time,
        }),
      ),
      projects: z.array(
        z.strictObject({
          id,
          name: z.string(),
          role: z.enum(roles),
          /** The project's twin with its test objects; null while it has none. */
          test_id: id.nullable(),
        }),
      ),
      /** Until when this session counts as freshly proven. */
      fresh_until: time,
      expires_at: time,
      server_time: time,
      version: z.string(),
    }),
  }),
  rename: mutation({ access: 'signed in', input: z.strictObject({ name: personName }), output: z.void() }),
  sessions: query({ access: 'signed in', input: z.strictObject({}), output: z.array(session) }),
  /** Ends one of one's own sessions, at once on every node. */
  revokeSession: mutation({
    access: 'signed in',
    input: z.strictObject({ id }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
  revokeOtherSessions: mutation({
    access: 'signed in',
    input: z.strictObject({}),
    output: z.strictObject({ ended: z.number().int() }),
  }),
}
