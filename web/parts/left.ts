import { useEffect, useRef } from 'react'
import { flushSync } from 'react-dom'

/**
 * Runs when this page is left, and draws at once what it changed: a page that is kept for the back button, or written into
 * a session's file, is kept as it was drawn then.
 */
export function useLeft(leave: () => void): void {
  const latest = useRef(leave)
  latest.current = leave
  useEffect(() => {
    const left = () => flushSync(() => latest.current())
    addEventListener('pagehide', left)
    return () => removeEventListener('pagehide', left)
  }, [])
}
