/** Ms that clocks may differ before somebody is told. */
const noted = 5000

/** The server's clock as this page knows it, and its seconds: the one timer of the page. */
export type ServerClock = ReturnType<typeof openClock>

/** `offset`: the server's clock minus this browser's, in ms. */
export function openClock(offset: number) {
  const read = (server: number) => ({ server, date: Date.now(), monotonic: performance.now() })
  let known = read(Date.now() + offset)
  const hearers = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The server's time in ms. Of the browser's two clocks the one that went further: one of them is set by people, the other sleeps. */
  const now = () => known.server + Math.max(Date.now() - known.date, performance.now() - known.monotonic)
  const arm = () => {
    clearTimeout(timer)
    timer = hearers.size > 0 ? setTimeout(beat, 1000 - (now() % 1000)) : undefined
  }
  const beat = () => {
    arm()
    for (const hear of [...hearers]) hear()
  }
  return {
    now,
    /** Takes what the server said of its time. */
    set: (nextOffset: number) => {
      known = read(Date.now() + nextOffset)
      arm()
    },
    /** The server's time lies between these just now: what was known before gives way to it. */
    within: (least: number, most: number) => {
      const held = Math.min(Math.max(now(), least), most)
      if (Math.abs(held - now()) < 1) return
      known = read(held)
      arm()
    },
    /** Seconds that this device's clock is behind the server's, ahead when negative; 0 while that is no matter. */
    drift: () => {
      const gap = now() - Date.now()
      return Math.abs(gap) > noted ? Math.round(gap / 1000) : 0
    },
    beat,
    /** Calls at each whole second of the server's. */
    hear: (hearer: () => void) => {
      hearers.add(hearer)
      if (timer === undefined) arm()
      return () => {
        hearers.delete(hearer)
        if (hearers.size === 0) arm()
      }
    },
  }
}
