import { CircleCheck, CirclePause, Hourglass, TriangleAlert } from 'lucide-react'
import type { Answers } from '../../api.ts'
import { Mark } from '../../ui/mark.tsx'

type Connection = {
  enabled?: boolean | undefined
  disabled_for?: 'by_hand' | 'gone' | 'failing' | null | undefined
  failing_since?: string | null | undefined
}

const why = {
  by_hand: 'Switched off',
  gone: 'Off: it is gone',
  failing: 'Off: it failed for days',
} as const

/** Whether a channel or webhook is told, and whether it hears. */
export function StateMark({ of: { enabled, disabled_for, failing_since } }: { of: Connection }) {
  if (enabled === false)
    return (
      <Mark icon={CirclePause} tone={disabled_for === 'by_hand' ? 'quiet' : 'bad'}>
        {why[disabled_for ?? 'by_hand']}
      </Mark>
    )
  if (failing_since)
    return (
      <Mark icon={TriangleAlert} tone="warn">
        Failing
      </Mark>
    )
  return (
    <Mark icon={CircleCheck} tone="ok">
      On
    </Mark>
  )
}

type Status = Answers['webhooks']['deliveries']['items'][number]['status']

/** What the states of a delivery are called. */
export const deliveryWords = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Failed',
} as const satisfies Record<Status, string>

const looks = {
  waiting: { icon: Hourglass, tone: 'info' },
  delivered: { icon: CircleCheck, tone: 'ok' },
  failed: { icon: TriangleAlert, tone: 'bad' },
} as const

/** Where a delivery stands. */
export const DeliveryMark = ({ status }: { status: Status }) => <Mark {...looks[status]}>{deliveryWords[status]}</Mark>
