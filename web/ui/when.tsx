import { useRef } from 'react'
import { takenWords, useTake } from '../parts/clipboard.ts'
import { inZone, relative } from '../parts/clock.ts'
import { useNow } from '../parts/now.ts'
import { Announce } from './announce.tsx'
import css from './when.module.css'

/** Ms in which something was "just now": clocks and the way to the server differ by as much. */
const justNow = 5000

/**
 * An instant in a list: relative; the date in the reader's zone, which is named, is shown on hover and on keyboard focus;
 * a press copies it as ISO 8601.
 */
export function When({ iso }: { iso: string }) {
  const now = useNow()
  const shown = useRef<HTMLTimeElement>(null)
  const { state, take } = useTake(iso, shown)
  const then = Date.parse(iso)
  return (
    <button
      type="button"
      className={css.when}
      onClick={take}
      // What shows itself on focus can be sent away without moving (WCAG 1.4.13).
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    >
      <time ref={shown} dateTime={iso}>
        {Math.abs(then - now) < justNow ? 'just now' : relative(then, now)}
      </time>
      <span className={css.tip}>
        <span className="unseen"> · </span>
        {state === 'copied' ? `Copied ${iso}` : inZone(iso)}
      </span>
      <Announce text={takenWords[state]} />
    </button>
  )
}
