import { CircleCheck, CirclePause, TriangleAlert } from 'lucide-react'
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
