import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Fault } from '../parts/fault.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

type Props = {
  opened: boolean
  close: () => void
  /** As a question that names the thing: "Revoke the key ci?" */
  title: string
  /** The verb on the button, named: "Revoke key". */
  verb: string
  /** What stops working, and when. */
  children: ReactNode
  /** Does it; the dialog stays, with the reason, when it answers false. */
  confirm: () => Promise<boolean>
  busy: boolean
  fault?: Fault | undefined
  /** False for what destroys nothing. */
  danger?: boolean
}

/** Asks before something is ended: the verb by name, what stops working; the focus starts on Cancel. */
export const ConfirmDialog = ({ opened, close, title, verb, children, confirm, busy, fault, danger = true }: Props) => (
  <Dialog opened={opened} close={close} title={title}>
    <Stack gap="md">
      <div>{children}</div>
      <Problem fault={fault} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close} data-autofocus>
          Cancel
        </Button>
        <Button
          color={danger ? 'red' : undefined}
          loading={busy}
          onClick={async () => {
            if (await confirm()) close()
          }}
        >
          {verb}
        </Button>
      </Group>
    </Stack>
  </Dialog>
)
