import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { GraceForm } from '../../ui/grace-form.tsx'
import type { Key } from './alerts.tsx'
import { Shown } from './shown.tsx'

/** A new text for a key; the old one works on for a while, and says whether it is still used. */
export function RotateDialog({ apiKey: { id: keyId, name }, close }: { apiKey: Key; close: () => void }) {
  const { id, api } = useProject()
  const [made, setMade] = useState<Answers['keys']['rotate']>()
  const change = useChange({
    run: (grace_seconds: number) => api.keys.rotate.mutate({ keyId, grace_seconds }),
    done: (next) => setMade(next),
    here: true,
    stale: [
      ['keys', id],
      ['agents', id],
      ['inbox', id],
    ],
  })
  return (
    <Dialog
      opened
      // The text is shown once: it is left by its own button only.
      close={made ? () => undefined : close}
      title={made ? 'Store the new key' : `Rotate the key ${visible(name)}`}
    >
      {made ? (
        <Shown made={made} done={close} />
      ) : (
        <GraceForm
          label="The old key works on for"
          verb="Rotate key"
          rotate={change.go}
          busy={change.busy}
          fault={change.fault}
          close={close}
        >
          Makes a key like it with a new text. Put the new one where the old one is, then wait until “still used” goes
          away from the old one.
        </GraceForm>
      )}
    </Dialog>
  )
}
