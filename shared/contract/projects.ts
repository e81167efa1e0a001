import { z } from 'zod'
import { id } from '../words.ts'
import { mutation } from './endpoint.ts'
import { settings } from './settings.ts'

/**
 * What a person does with projects as such; who makes one owns it. Where accounts need an invitation (`SIGN_UP=invite`)
 * it is for those who run the instance or hand out rights somewhere already: owners and admins.
 */
export const projects = {
  create: mutation({
    access: 'signed in',
    input: z.strictObject({ name: settings.get.output.shape.name }),
    output: z.strictObject({ id, name: z.string() }),
    errors: ['NAME_TAKEN', 'INSUFFICIENT_ROLE'],
  }),
}
