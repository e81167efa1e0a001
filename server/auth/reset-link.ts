import type { Ctx } from '../context.ts'
import { randomText } from '../lib/token.ts'
import { type Person, tellProjects } from '../people/person.ts'
import { authOf } from './auth.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const minutes = 60

/**
 * A link to a new password for the person behind an address, as the reset mail has it: where no mail can be sent, whoever
 * runs the machine hands it over. Undefined when nobody has the address. Told in each of the person's projects.
 */
export async function resetLink(ctx: Ctx, email: string): Promise<string | undefined> {
  const { world } = ctx
  const { sql } = world.db
  const [person] = await sql<Person[]>`select id, name, email from people where email = ${email}`
  if (!person) return undefined
  const token = randomText(letters, 32)
  await tellProjects(sql, ctx, person, 'person.secured', { change: 'reset_link_made' })
  const { internalAdapter } = await authOf(world).$context
  await internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: person.id,
    expiresAt: new Date(world.clock.now().getTime() + minutes * 60_000),
  })
  return `${world.config.publicUrl}/reset-password#${token}`
}
