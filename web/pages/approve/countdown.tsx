import { timeLeft } from '../../parts/clock.ts'
import { Announce } from '../../ui/announce.tsx'
import css from './pending.module.css'
import type { Opened } from './reading.ts'

/** Seconds left at which a screen reader is told, and never in between (WCAG 2.2.1). */
const told = [10, 60] as const

/** Time left by the server's clock. */
export function Countdown({ approval, now }: { approval: Opened; now: number }) {
  const end = Date.parse(approval.expires_at)
  const left = Math.max(0, end - now)
  const whole = Math.max(1, end - Date.parse(approval.created_at))
  const mark = told.find((seconds) => left <= seconds * 1000)
  return (
    <div className={css.countdown} data-soon={left <= 60_000 || undefined}>
      <p>
        {left > 0 ? (
          <>
            <span>Time left to decide</span> <strong>{timeLeft(left)}</strong>
          </>
        ) : (
          <span>Time is up. Checking…</span>
        )}
      </p>
      <div className={css.track} aria-hidden="true">
        <div style={{ transform: `scaleX(${Math.min(1, left / whole)})` }} />
      </div>
      <Announce text={mark && left > 0 ? `${mark} seconds left to decide.` : ''} />
    </div>
  )
}
