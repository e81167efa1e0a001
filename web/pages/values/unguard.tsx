import { Button } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { useMarking } from './guards.ts'

/** Takes a mark away, once it was asked twice. */
export function Unguard({ path }: { path: string }) {
  const { unmark } = useMarking()
  const [asked, setAsked] = useState(false)
  return (
    <>
      <Button size="xs" variant="default" aria-label={`Remove the mark of ${path}`} onClick={() => setAsked(true)}>
        Remove mark…
      </Button>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        title={`Let keys read ${path} again?`}
        verb="Remove mark"
        confirm={() => unmark.go(path)}
        busy={unmark.busy}
        fault={unmark.fault}
      >
        Every API key that may read this path reads it, and all below, at once and without asking anybody.
      </ConfirmDialog>
    </>
  )
}
