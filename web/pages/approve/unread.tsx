import { CloudOff, Hourglass, Link2Off, RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { useServerNow } from '../../parts/clock.ts'
import type { Fault } from '../../parts/fault.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/shell.tsx'
import css from './outcome.module.css'
import { isFinal } from './reading.ts'

type Props = { fault: Fault; busy: boolean; again: () => void }

/** A request that could not be read: the link leads nowhere, too many looks, or no connection. */
export function Unread({ fault, busy, again }: Props) {
  const now = useServerNow(0)
  const told = tell(fault, now)
  useEffect(() => {
    document.title = `${told.title} · Approval request`
  }, [told.title])
  const Icon = told.icon
  return (
    <Card className={css.card}>
      <div className={css.seal}>
        <Icon aria-hidden size={28} />
      </div>
      <h1 className={css.headline}>{told.headline}</h1>
      <p>{told.happened}</p>
      <p className={css.next}>{told.next}</p>
      {!isFinal(fault) && (
        <Button onClick={again} busy={busy} icon={<RotateCw aria-hidden size={18} />}>
          Try again now
        </Button>
      )}
      {fault.requestId && !isFinal(fault) && <p className={css.when}>Request id {fault.requestId}</p>}
    </Card>
  )
}

function tell(fault: Fault, now: number) {
  if (isFinal(fault))
    return {
      icon: Link2Off,
      title: 'Not found',
      headline: 'This link leads nowhere',
      happened: 'It may be incomplete: some mail programs cut long links. Or the request was deleted.',
      next: 'Copy the whole link again, or ask whoever sent it for a new one.',
    }
  if (fault.code === 'RATE_LIMITED') {
    const left = Math.max(0, Math.ceil((fault.at + (fault.retryAfter ?? 0) * 1000 - now) / 1000))
    return {
      icon: Hourglass,
      title: 'Too many requests',
      headline: 'Too many looks at once',
      happened: 'Your network has asked for approval pages too often. Nothing was decided.',
      next: left > 0 ? `This page tries again by itself in ${left} s.` : 'Trying again…',
    }
  }
  if (fault.code === 'UNREACHABLE')
    return {
      icon: CloudOff,
      title: 'No connection',
      headline: navigator.onLine ? 'The service cannot be reached' : 'You are offline',
      happened: 'Nothing was decided. The link stays good until it expires.',
      next: 'This page tries again by itself every few seconds.',
    }
  return {
    icon: CloudOff,
    title: 'Not available',
    headline: 'The service is not available right now',
    happened: 'Nothing was decided. The fault is on our side.',
    next: 'This page tries again by itself every few seconds.',
  }
}
