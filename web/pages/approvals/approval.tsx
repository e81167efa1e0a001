import { Ban, Check, Clock, Flag, Hourglass, Lock } from 'lucide-react'
import type { Role } from '../../../shared/roles.ts'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useNow } from '../../parts/now.ts'
import { Mark } from '../../ui/mark.tsx'

export type Approval = Answers['approvals']['get']

const looks = {
  pending: { icon: Hourglass, tone: 'info', word: 'Pending' },
  executed: { icon: Check, tone: 'ok', word: 'Decided' },
  expired: { icon: Clock, tone: 'quiet', word: 'Expired' },
  invalidated: { icon: Ban, tone: 'quiet', word: 'Invalidated' },
  locked: { icon: Lock, tone: 'bad', word: 'Locked' },
} as const

/** What a status is called. */
export const statusWords = {
  pending: 'Pending',
  executed: 'Decided',
  expired: 'Expired',
  invalidated: 'Invalidated',
  locked: 'Locked',
} as const satisfies Record<Approval['status'], string>

/** Ms before its end from which an approval is marked: five minutes, or the last fifth of a shorter one. */
export const soonMs = ({ created_at, expires_at }: Approval): number =>
  Math.min(300_000, (Date.parse(expires_at) - Date.parse(created_at)) / 5)

/** Where an approval stands; one that ends soon, or was reported, says so. */
export function StatusMark({ approval }: { approval: Approval }) {
  const now = useNow()
  const left = Date.parse(approval.expires_at) - now
  if (approval.reported)
    return (
      <Mark icon={Flag} tone="bad">
        Reported
      </Mark>
    )
  if (approval.status === 'pending' && left <= soonMs(approval))
    return (
      <Mark icon={Hourglass} tone="warn">
        Expires soon
      </Mark>
    )
  const { icon, tone, word } = looks[approval.status]
  return (
    <Mark icon={icon} tone={tone}>
      {word}
    </Mark>
  )
}

/** What became of it, in one line. */
export function outcomeOf({ status, decision, ended_by }: Approval): string {
  if (decision) return `${visible(decision.label)} by ${visible(decision.decided_by.name)}`
  if (status === 'invalidated') return `Invalidated by ${ended_by ? visible(ended_by.name) : 'somebody'}`
  return statusWords[status]
}

/** Everybody who is named to decide it. */
export const namesOf = ({ approvers }: Approval): string[] => [...new Set(approvers?.flatMap(({ any_of }) => any_of))]

/** What somebody voted for, where several must agree. */
export const voteOf = ({ progress }: Approval, me: { id: string } | undefined): string | undefined =>
  progress?.votes.find(({ by }) => by.id === me?.id)?.action

/** How far an approval that several give has come: "1 of 3"; undefined where one person decides. */
export function tallyOf({ progress }: Approval): string | undefined {
  if (!progress) return undefined
  const sum = (of: 'have' | 'required') => progress.groups.reduce((total, group) => total + group[of], 0)
  return `${sum('have')} of ${sum('required')}`
}

/**
 * Whether somebody may decide by name, as far as the page can tell: the server knows who made the request as well, and
 * has the last word.
 */
export const mayDecide = (approval: Approval, me: { id: string; email: string }, role: Role): boolean =>
  approval.status === 'pending' &&
  atLeast(role, 'MEMBER') &&
  (approval.approvers === null ||
    (approval.created_by.id !== me.id && namesOf(approval).some((one) => one === me.email || one === `role:${role}`)))
