import { useEffect, useState } from 'react'

/** The server's time in ms, drawn anew each second. `offset` is the server's clock minus this browser's. */
export function useServerNow(offset: number): number {
  const [now, setNow] = useState(() => Date.now() + offset)
  useEffect(() => {
    const tick = () => setNow(Date.now() + offset)
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [offset])
  return now
}

const steps = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** "2 minutes ago", "in 3 days". */
export function relative(then: number, now: number): string {
  const gap = then - now
  const [size, unit] = steps.find(([ms]) => Math.abs(gap) >= ms) ?? [1000, 'second']
  return ago.format(Math.trunc(gap / size), unit)
}

const unit = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`

/** Time left with its two largest units, e.g. "9 min 30 s", "2 days 4 hours"; never negative. */
export function timeLeft(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000))
  if (s >= 86_400) return `${unit(Math.floor(s / 86_400), 'day')} ${unit(Math.floor((s % 86_400) / 3600), 'hour')}`
  if (s >= 3600) return `${unit(Math.floor(s / 3600), 'hour')} ${Math.floor((s % 3600) / 60)} min`
  return s >= 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s} s`
}

const absolute = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
})
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })

/** Date and time in the reader's zone, which is named. */
export function inZone(iso: string): string {
  const at = new Date(iso)
  const name = zone.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
  return `${absolute.format(at)} ${name}`.trim()
}
