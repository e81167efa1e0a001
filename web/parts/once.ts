import { useRef } from 'react'

/** Runs one at a time: a second press within one frame, before anything is drawn, does nothing. */
export function useOnce(): (work: () => Promise<void>) => Promise<void> {
  const underway = useRef(false)
  return async (work) => {
    if (underway.current) return
    underway.current = true
    try {
      await work()
    } finally {
      underway.current = false
    }
  }
}
