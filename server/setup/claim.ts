import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atomically } from '../lib/transaction.ts'
import { sessionCookie } from '../people/cookie.ts'
import { startSession } from '../people/open-session.ts'
import { hashPassword, mustBeGoodPassword } from '../people/password.ts'
import { asPerson, givePassword, makePerson } from '../people/person.ts'
import { makeProject } from '../projects/project.ts'
import { addMember } from '../users/membership.ts'
import type { Verb } from '../verb.ts'
import { claimSetup, isSetupOpen, isSetupTicket } from './owner.ts'

/**
 * Makes the person who runs the instance, their session and the first project. The set-up link is spent by one
 * conditional update in the same commit: of racing claimants one wins, and the others have made nothing.
 */
export const claim: Verb<typeof contract.setup.claim> = async (ctx, { token, name, email, password, project }) => {
  const { world, notes } = ctx
  const { sql } = world.db
  if (!(await isSetupOpen(sql))) refuse('SETUP_DONE')
  if (!(await isSetupTicket(sql, world, token)))
    refuse('NOT_FOUND', {
      sentence: 'This is not the set-up link of the latest start; see where the server was started.',
    })
  mustBeGoodPassword(password, email)
  const hash = await hashPassword(password)
  const { projectId, session } = await atomically(sql, async (tx) => {
    const person = await makePerson(tx, { name, email, verified: false, runsInstance: true })
    if (!person) {
      if (!(await isSetupOpen(tx))) refuse('SETUP_DONE')
      const message = 'There is an account with this address already; take another one.'
      return refuse('INVALID_INPUT', { sentence: message, issues: [{ path: 'email', message }] })
    }
    const owner = asPerson(ctx, person)
    const owned = await claimSetup(tx, owner, token, person)
    if (!owned) return refuse('SETUP_DONE')
    await givePassword(tx, person.id, hash)
    const made = await makeProject(tx, owner, project)
    if (made) await addMember(tx, owner, made.id, { id: person.id, name, role: 'OWNER' })
    // One of that name, made on the command line, that nobody was in has just become theirs.
    const own = made ?? owned.find((one) => one.name === project)
    if (!own) return refuse('NAME_TAKEN')
    return { projectId: own.id, session: await startSession(tx, ctx, person, { method: 'setup' }) }
  })
  notes.cookies = [...(notes.cookies ?? []), sessionCookie(world, session.token)]
  return { project_id: projectId }
}
