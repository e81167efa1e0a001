import type { Fault } from '../../parts/fault.ts'
import { Button } from '../../ui/button.tsx'
import { isUnsure, type useAct, type useReport, wasLost } from './answer.ts'
import css from './pending.module.css'
import type { Seen } from './reading.ts'

type Props = {
  act: ReturnType<typeof useAct>
  report: ReturnType<typeof useReport>
  seen: Seen
  /** Why the page's own reading fails, if it does. */
  reading: Fault | null
  /** By this browser's clock, in ms. */
  now: number
  again: () => void
}

/** What became of the last press while the request is still open, and whether the page is still live. */
export function Messages({ act, report, seen, reading, now, again }: Props) {
  const fault = act.error ?? report.error
  const lost = (act.data?.lost ?? false) || (report.data?.lost ?? false)
  const said = act.isPending || report.isPending ? undefined : say(fault, seen, lost, now)
  return (
    <>
      <div role="alert">{said && <p className={css.alert}>{said}</p>}</div>
      {reading && (
        <div className={css.stale} role="status">
          <p>
            The connection is lost. You see what was known at {new Date(seen.readAt).toLocaleTimeString()}; the page
            reconnects by itself.
          </p>
          <Button onClick={again}>Reconnect now</Button>
        </div>
      )}
    </>
  )
}

function say(fault: Fault | null, seen: Seen, lost: boolean, now: number): string | undefined {
  const again =
    'Something broke while sending. We checked: nothing has arrived and nothing is decided. You can try again.'
  if (!fault) return lost ? again : undefined
  if (isUnsure(fault, seen)) return 'Something broke while sending. Checking whether your answer arrived…'
  if (wasLost(fault, seen)) return again
  if (fault.code === 'RATE_LIMITED') {
    const left = Math.ceil((fault.at + (fault.retryAfter ?? 0) * 1000 - now) / 1000)
    return left > 0 ? `Too many attempts from your network. Try again in ${left} s.` : 'You can try again now.'
  }
  if (fault.code === 'ACTION_CHANGED')
    return 'The request is not the one that you were shown. Reload the page and read it again.'
  if (fault.code === 'WRONG_PIN' || fault.code === 'WRONG_MATCH_NUMBER') return undefined
  return `${fault.message}${fault.requestId ? ` (request ${fault.requestId})` : ''}`
}
