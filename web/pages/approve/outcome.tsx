import { Check, CircleMinus, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { visible } from '../../../shared/visible.ts'
import { Card } from '../../ui/shell.tsx'
import { Time } from '../../ui/time.tsx'
import { Facts } from './facts.tsx'
import css from './outcome.module.css'
import type { Told } from './outcome-words.ts'
import type { Seen } from './reading.ts'

const icons = { ok: Check, quiet: CircleMinus, warn: TriangleAlert }

type Props = { seen: Seen; told: Told; lost: boolean; takeFocus: boolean }

/** How it ended, when, and what to do next. */
export function Outcome({ seen, told, lost, takeFocus }: Props) {
  const { approval } = seen
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (takeFocus) heading.current?.focus()
  }, [takeFocus])
  const Icon = icons[told.tone]
  const now = seen.readAt + seen.offset
  return (
    <Card className={css.card}>
      <div className={css.seal} data-tone={told.tone}>
        <Icon aria-hidden size={28} strokeWidth={2.25} />
      </div>
      <h1 ref={heading} tabIndex={-1} className={css.headline}>
        {told.headline}
      </h1>
      {approval.outcome && (
        <p className={css.when}>
          <Time iso={approval.outcome.at} now={now} />
        </p>
      )}
      <p>{told.happened}</p>
      {approval.outcome?.comment && (
        <blockquote className={css.comment}>{visible(approval.outcome.comment)}</blockquote>
      )}
      {lost && (
        <p className={css.note}>
          {approval.outcome?.by_you
            ? 'Something broke while sending. We checked: your answer did arrive, once.'
            : 'Something broke while sending. We checked: this is how the request ended.'}
        </p>
      )}
      <p className={css.next}>{told.next}</p>
      <details className={css.more}>
        <summary>Details of the request</summary>
        <Facts approval={approval} now={now} />
      </details>
    </Card>
  )
}
