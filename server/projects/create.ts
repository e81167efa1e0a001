import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { SignedIn } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { addMember } from '../users/membership.ts'
import type { Verb } from '../verb.ts'
import { makeProject } from './project.ts'

/** Whether somebody hands out rights somewhere already. */
async function adminsSomewhere(sql: Sql, { id }: SignedIn): Promise<boolean> {
  const rows = await sql`
    select 1 from memberships where person_id = ${id} and disabled_at is null and role in ('OWNER', 'ADMIN') limit 1`
  return rows.length > 0
}

/**
 * Makes a project whose owner is the one who asks. Where accounts need an invitation, projects need somebody who is
 * trusted with one already: a guest invited to look at one project could otherwise found others.
 */
export const create: Verb<typeof contract.projects.create> = async (ctx, { name }) => {
  const { actor, world } = ctx
  return atomically(world.db.sql, async (tx) => {
    const may = world.config.signUp === 'open' || actor.runsInstance || (await adminsSomewhere(tx, actor))
    if (!may)
      refuse('INSUFFICIENT_ROLE', {
        sentence: 'Only an owner or admin of some project, or who runs this instance, may make projects here.',
      })
    const made = await makeProject(tx, ctx, name)
    if (!made) return refuse('NAME_TAKEN')
    await addMember(tx, ctx, made.id, { id: actor.id, name: actor.name, role: 'OWNER' })
    return made
  })
}
