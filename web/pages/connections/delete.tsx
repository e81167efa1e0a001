import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Change } from '../../change.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'

type Props = { change: Change<void>; title: string; verb: string; close: () => void; children: ReactNode }

/** Deletes a channel or webhook, once it was asked twice; `close` leaves what showed it. */
export function Delete({ change, title, verb, close, children }: Props) {
  const [asked, setAsked] = useState(false)
  const confirm = async () => {
    const done = await change.go()
    if (done) close()
    return done
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        Delete…
      </Button>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        title={title}
        verb={verb}
        confirm={confirm}
        busy={change.busy}
        fault={change.fault}
      >
        {children}
      </ConfirmDialog>
    </>
  )
}
