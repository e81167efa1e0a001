import { visible } from '../../../shared/visible.ts'
import { timeLeft } from '../../parts/clock.ts'
import { plainOf } from '../../parts/markdown-plain.ts'
import { useNow } from '../../parts/now.ts'
import { releaseSentence } from '../../parts/release-words.ts'
import { Opener } from '../../ui/rows.tsx'
import { type Approval, StatusMark, soonMs, tallyOf } from '../approvals/approval.tsx'
import css from './inbox.module.css'
import { RequestCard } from './request-card.tsx'

type Props = {
  items: Approval[]
  show: (approvalId: string) => void
  /** The reader may decide these. */
  mine?: boolean
}

/** Pending approvals as cards: what, who asks, how long. Opening one decides nothing. */
export function Cards({ items, show, mine = false }: Props) {
  const now = useNow()
  return (
    <ul className={css.cards}>
      {items.map((one, at) => {
        if (one.kind === 'permission') return <RequestCard key={one.approval_id} of={one} at={at} mine={mine} />
        const left = Date.parse(one.expires_at) - now
        return (
          <li key={one.approval_id} className={css.card} data-soon={left <= soonMs(one) || undefined}>
            <div className={css.top}>
              <Opener id={one.approval_id} open={() => show(one.approval_id)}>
                {one.key_path}
              </Opener>
              <StatusMark approval={one} />
            </div>
            {one.release && <p className={css.leaves}>{releaseSentence(one.release)}</p>}
            {one.info && <p className={css.info}>{plainOf(visible(one.info))}</p>}
            <p className={css.small}>
              {visible(one.created_by.name)} · {left > 0 ? `${timeLeft(left)} left` : 'time is up'}
              {tallyOf(one) !== undefined && ` · ${tallyOf(one)} agreed`}
              {one.ref_id !== null && ` · ${visible(one.ref_id)}`}
            </p>
          </li>
        )
      })}
    </ul>
  )
}
