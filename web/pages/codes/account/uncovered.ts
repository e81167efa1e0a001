import { useEffect, useState } from 'react'
import { useServerNow } from '../../../parts/clock.ts'
import { useLeft } from '../../../parts/left.ts'

/** Ms for which a seed stays uncovered: enough to scan it. */
const stay = 60_000

/** Covers after a minute, when the tab is hidden and when the page is left. Answers the ms that are left. */
export function useUncovered(cover: () => void): number {
  const [end] = useState(() => Date.now() + stay)
  const left = end - useServerNow(0)
  const over = left <= 0
  useEffect(() => {
    if (over) cover()
  }, [over, cover])
  useLeft(cover)
  useEffect(() => {
    const hide = () => document.visibilityState === 'hidden' && cover()
    document.addEventListener('visibilitychange', hide)
    return () => document.removeEventListener('visibilitychange', hide)
  }, [cover])
  return left
}
