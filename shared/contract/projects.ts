import { z } from 'zod'
import { id } from '../words.ts'
import { mutation } from './endpoint.ts'
import { settings } from './settings.ts'

/** What a person does with projects as such; who makes one owns it. */
export const projects = {
  create: mutation({
    access: 'signed in',
    input: z.strictObject({ name: settings.get.output.shape.name }),
    output: z.strictObject({ id, name: z.string() }),
    errors: ['NAME_TAKEN'],
  }),
}
