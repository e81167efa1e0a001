import { z } from 'zod'
import { email, password, personName, ticket } from '../people.ts'
import { mutation, query } from './endpoint.ts'
import { settings } from './settings.ts'

/** The first minutes of an instance: the one-time link of the first start makes its owner. */
export const setup = {
  /** What the sign-in and set-up pages need to know before anybody has signed in. */
  state: query({
    access: 'public',
    limit: 'approval read',
    input: z.strictObject({}),
    output: z.strictObject({
      /** Nobody has set the instance up yet. */
      open: z.boolean(),
      github: z.boolean(),
      mail: z.boolean(),
      sign_up: z.enum(['invite', 'open']),
      public_url: z.string(),
      /** The address this request came from, as the server sees it. */
      your_ip: z.string(),
      version: z.string(),
    }),
  }),
  /** Makes the owner and the first project, once; the browser is signed in by the cookie of the reply. */
  claim: mutation({
    access: 'public',
    limit: 'sign in',
    input: z.strictObject({
      token: ticket,
      name: personName,
      email,
      password,
      project: settings.get.output.shape.name,
    }),
    output: z.strictObject({ project_id: z.string() }),
    errors: ['SETUP_DONE', 'NOT_FOUND', 'NAME_TAKEN'],
  }),
}
