import { inZone, relative } from '../parts/clock.ts'
import { useNow } from '../parts/now.ts'
import css from './when.module.css'

/**
 * An instant in a list: relative; the date in the reader's zone, which is named, is shown on hover and on keyboard focus.
 */
export function When({ iso }: { iso: string }) {
  const now = useNow(10_000)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the date must be reachable without a pointer
    <time className={css.when} dateTime={iso} data-exact={inZone(iso)} tabIndex={0}>
      {relative(Date.parse(iso), now)}
      <span className="unseen"> ({inZone(iso)})</span>
    </time>
  )
}
