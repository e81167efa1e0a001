import { Button, Group, NativeSelect, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Fault } from '../parts/fault.ts'
import { Problem } from './problem.tsx'

const graces = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
]

type Props = {
  /** What comes of it. */
  children: ReactNode
  /** As "The old key works on for". */
  label: string
  verb: string
  /** Makes the new one; the old one goes on for so many seconds. */
  rotate: (grace: number) => unknown
  busy: boolean
  fault: Fault | undefined
  close: () => void
}

/** Asks how long the old one goes on beside a new one. */
export function GraceForm({ children, label, verb, rotate, busy, fault, close }: Props) {
  const [grace, setGrace] = useState('86400')
  return (
    <Stack gap="md">
      <p>{children}</p>
      <NativeSelect
        label={label}
        data={graces}
        value={grace}
        onChange={(event) => setGrace(event.currentTarget.value)}
      />
      <Problem fault={fault} />
      <Group gap="xs">
        <Button loading={busy} onClick={() => rotate(Number(grace))}>
          {verb}
        </Button>
        <Button variant="default" onClick={close} data-autofocus>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
