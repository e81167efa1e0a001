import { useCallback, useEffect, useRef } from 'react'

/** Ms for which a button that was just drawn ignores presses. */
const delay = 500

/**
 * False in the first half second after a button was drawn or its tab came back into view: a press that was meant for
 * what stood there before decides nothing (clickjacking, WCAG 3.3.4).
 */
export function useArmed(): () => boolean {
  const since = useRef(Number.POSITIVE_INFINITY)
  useEffect(() => {
    const draw = () => {
      since.current = performance.now()
    }
    draw()
    document.addEventListener('visibilitychange', draw)
    return () => document.removeEventListener('visibilitychange', draw)
  }, [])
  return useCallback(() => performance.now() - since.current >= delay, [])
}
