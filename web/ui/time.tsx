import { inZone, relative } from '../parts/clock.ts'

/** An instant: relative, and absolute in the reader's zone. `now` is the server's time in ms. */
export const Time = ({ iso, now }: { iso: string; now: number }) => (
  <time dateTime={iso}>
    {relative(Date.parse(iso), now)} ({inZone(iso)})
  </time>
)
