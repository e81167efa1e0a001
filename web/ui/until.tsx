import { inZone, timeLeft } from '../parts/clock.ts'
import { Announce } from './announce.tsx'
import css from './until.module.css'

type Props = {
  /** Before the date, as "Can be read until". */
  what: string
  /** ISO 8601. */
  end: string
  /** The server's time in ms. */
  now: number
}

/** Seconds left at which a screen reader is told, and never in between (WCAG 2.2.1). */
export const told = [10, 60] as const

/** Until when something can be done, and how long that is by the server's clock. */
export function Until({ what, end, now }: Props) {
  const left = Math.max(0, Date.parse(end) - now)
  const mark = told.find((seconds) => left <= seconds * 1000)
  return (
    <p className={css.until} data-soon={left <= 60_000 || undefined}>
      <span>
        {what} <time dateTime={end}>{inZone(end)}</time>
      </span>
      <strong>{left > 0 ? `${timeLeft(left)} left` : 'Time is up. Checking…'}</strong>
      <Announce text={mark && left > 0 ? `${mark} seconds left.` : ''} />
    </p>
  )
}
