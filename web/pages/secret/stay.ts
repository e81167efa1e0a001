import { useEffect, useState } from 'react'
import { useServerNow } from '../../parts/clock.ts'
import { useLeft } from '../../parts/left.ts'

/** Ms for which a secret stays on the page. */
const stay = 5 * 60_000

/**
 * Clears after five minutes, which can be had again as often as needed (WCAG 2.2.1), and when the page is left. A tab that is
 * only hidden, as for a look into a password manager, keeps it.
 */
export function useStay(clear: () => void) {
  const [end, setEnd] = useState(() => Date.now() + stay)
  const left = end - useServerNow(0)
  const over = left <= 0
  useEffect(() => {
    if (over) clear()
  }, [over, clear])
  useLeft(clear)
  return { left, longer: () => setEnd(Date.now() + stay) }
}
