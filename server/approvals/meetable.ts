import type { z } from 'zod'
import type { newApproval } from '../../shared/contract/new-approval.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { makerOf } from './fresh.ts'
import { isReached, placesFilled } from './quorum.ts'

type Approvers = z.output<typeof newApproval>['approvers']

/**
 * Refuses a rule that nobody can ever meet: groups of addresses alone that have too few people besides the maker, each of
 * whom counts in one group only. Who will have a role is not known, so a group with one can always be met.
 */
export async function mustBeMeetable(ctx: Ctx, approvers: Approvers): Promise<void> {
  const closed = (approvers ?? []).map((group, at) => ({ ...group, at })).filter(({ any_of }) => !any_of.some(decides))
  if (closed.length === 0) return
  const maker = await emailOfMaker(ctx)
  const named = [...new Set(closed.flatMap(({ any_of }) => any_of))].filter(
    (email) => email !== maker && !isRole(email),
  )
  const have = placesFilled(
    closed,
    named.map((email) => ({ email, role: 'MEMBER' })),
  )
  if (isReached(closed, have)) return
  refuse('INVALID_INPUT', {
    sentence: 'These approvers can never agree: each counts in one group only, and whoever asks in none.',
    issues: closed
      .filter(({ required }, at) => (have[at] ?? 0) < required)
      .map(({ at }) => ({
        path: `approvers.${at}`,
        message: 'Names too few people who could agree, besides those whom other groups need.',
      })),
  })
}

const isRole = (one: string): boolean => one.startsWith('role:')

/** A role whose people decide; viewers never do. */
const decides = (one: string): boolean => isRole(one) && one !== 'role:VIEWER'

/** The address of the person behind who asks; undefined: the command line's key. */
async function emailOfMaker({ actor, world }: Ctx): Promise<string | undefined> {
  if (actor.type === 'person') return actor.email
  const makerId = makerOf(actor)
  if (makerId === null) return undefined
  const [row] = await world.db.sql<{ email: string }[]>`select email from people where id = ${makerId}`
  return row?.email
}
