import { Button } from '@mantine/core'
import type { Change } from '../../change.ts'

/** Switches a channel or webhook off, and on again. */
export const OnOff = ({ on, change }: { on: boolean; change: Change<boolean> }) => (
  <Button variant="default" loading={change.busy} onClick={() => void change.go(!on)}>
    {on ? 'Switch off' : 'Switch on'}
  </Button>
)
