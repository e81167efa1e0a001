import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { useArmed } from '../../parts/armed.ts'
import { timeLeft } from '../../parts/clock.ts'
import { useNow } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { type Approval, soonMs } from '../approvals/approval.tsx'
import { useAnswer } from '../requests/answer.ts'
import { askedIn } from '../requests/request.tsx'
import css from './inbox.module.css'

type Props = {
  of: Approval
  /** Its place among the cards. */
  at: number
  mine: boolean
}

/** A permission request as a card: why it is asked, who asks what, how long; a yes here is a yes to it as it is asked. */
export function RequestCard({ of: one, at, mine }: Props) {
  const { id } = useProject()
  const left = Date.parse(one.expires_at) - useNow()
  const change = useAnswer({ id: one.approval_id, action_hash: one.action_hash }, { here: false })
  const asked = askedIn(one)
  if (!asked) return null
  return (
    <li className={css.card} data-soon={left <= soonMs(one) || undefined}>
      {asked.reason && <p className={css.info}>{visible(asked.reason)}</p>}
      <Link
        className={css.request}
        to="/p/$project/requests/$request"
        params={{ project: id, request: one.approval_id }}
        data-row={one.approval_id}
      >
        <strong>{visible(one.created_by.name)}</strong> asks: <code>{visible(asked.action)}</code>
        {asked.resource !== null && (
          <>
            {' '}
            on <code>{visible(asked.resource)}</code>
          </>
        )}
      </Link>
      <p className={css.small}>{left > 0 ? `${timeLeft(left)} left` : 'time is up'}</p>
      {mine && (
        // Another place is another pair of buttons: a press that was meant for the card which stood here answers nothing.
        <Buttons key={at} still={left <= 0} busy={change.busy} press={(action) => void change.go({ action })} />
      )}
    </li>
  )
}

type ButtonsProps = { still: boolean; busy: boolean; press: (action: 'approve' | 'deny') => void }

function Buttons({ still, busy, press }: ButtonsProps) {
  const armed = useArmed()
  return (
    <div className={css.buttons}>
      <Button
        size="sm"
        leftSection={<Check aria-hidden size={16} />}
        disabled={still || busy}
        onClick={() => armed() && press('approve')}
      >
        Approve
      </Button>
      <Button size="sm" color="red" variant="light" disabled={still || busy} onClick={() => armed() && press('deny')}>
        Deny
      </Button>
    </div>
  )
}
