import { visible } from '../../../shared/visible.ts'
import { type Look, lasting } from './request.tsx'

type Told = { headline: string; happened: string }

/** Who or what answered, as words after "by". */
export function answererOf({ permission: { decided_by } }: Look): string {
  if (decided_by === null) return 'somebody'
  if (decided_by.type === 'policy') return `the policy “${visible(decided_by.name)}”`
  if (decided_by.type === 'system') return 'its test key'
  return visible(decided_by.name)
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`)

/** How a request ended, in words. */
export function tellOutcome(look: Look): Told {
  const { permission, answered, revoked_by } = look
  const { status, uses, uses_remaining: left, env, decided_by } = permission
  const by = answererOf(look)
  const used = uses - left
  if (status === 'approved')
    return {
      headline: `Approved by ${by}`,
      happened: `It may do this ${left === 1 ? 'once' : `${left} times`}${used > 0 ? ` more; it has ${times(used)}` : ''}.`,
    }
  if (status === 'used')
    return { headline: `Approved by ${by}, and used`, happened: `It has done this ${times(used)}; nothing is left.` }
  if (status === 'denied')
    return {
      headline: `Denied by ${by}`,
      happened: env === 'test' && decided_by?.type === 'system' ? 'Its context asked for a no.' : 'It was told no.',
    }
  if (status === 'expired')
    return answered
      ? {
          headline: used > 0 ? 'Ended before it was used up' : 'Approved, and never used',
          happened: `${by} approved; it had ${lasting(permission.ttl)} to use it and did so ${used === 0 ? 'not once' : times(used)}.`,
        }
      : {
          headline: 'Nobody answered in time',
          happened: 'The agent is told that it expired, which is neither yes nor no. It can ask again.',
        }
  const ender = revoked_by ? visible(revoked_by.name) : 'somebody'
  return answered
    ? {
        headline: `Revoked by ${ender}`,
        happened: `${by} had approved; used ${times(used)} before. Its token is dead.`,
      }
    : { headline: `Withdrawn by ${ender}`, happened: 'Nobody answered it, and nobody can any more.' }
}
