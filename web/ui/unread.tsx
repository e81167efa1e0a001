import { CloudOff, Hourglass, RotateCw } from 'lucide-react'
import { timeLeft, useServerNow } from '../parts/clock.ts'
import type { Fault } from '../parts/fault.ts'
import { Button } from './button.tsx'
import { End } from './end.tsx'

type Props = {
  fault: Fault
  busy: boolean
  again: () => void
  /** That nothing was lost by it, as a sentence. */
  calm: string
}

/** A public page that could not read what it shows: too many looks, no connection, or a fault of ours. */
export function Unread({ fault, busy, again, calm }: Props) {
  const now = useServerNow(0)
  const left = fault.at + (fault.retryAfter ?? 0) * 1000 - now
  return (
    <End {...tell(fault, calm, left)}>
      <Button onClick={again} busy={busy} icon={<RotateCw aria-hidden size={18} />}>
        Try again now
      </Button>
      {fault.requestId && <p>Request id {fault.requestId}</p>}
    </End>
  )
}

function tell(fault: Fault, calm: string, left: number) {
  const next = 'This page tries again by itself every few seconds.'
  if (fault.code === 'RATE_LIMITED')
    return {
      icon: Hourglass,
      title: 'Too many requests',
      headline: 'Too many looks at once',
      happened: `Your network has asked for such pages too often. ${calm}`,
      next: left > 0 ? `This page tries again by itself in ${timeLeft(left)}.` : 'Trying again…',
    }
  if (fault.code === 'UNREACHABLE')
    return {
      icon: CloudOff,
      title: 'No connection',
      headline: navigator.onLine ? 'The service cannot be reached' : 'You are offline',
      happened: calm,
      next,
    }
  return {
    icon: CloudOff,
    title: 'Not available',
    headline: 'The service is not available right now',
    happened: `The fault is on our side. ${calm}`,
    next,
  }
}
