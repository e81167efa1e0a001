import { Button, NativeSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import type { Key } from './alerts.tsx'
import css from './keys.module.css'
import { Shown } from './shown.tsx'

const graces = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
]

/** A new text for a key; the old one works on for a while, and says whether it is still used. */
export function RotateDialog({ apiKey: { id: keyId, name }, close }: { apiKey: Key; close: () => void }) {
  const { id, api } = useProject()
  const [grace, setGrace] = useState('86400')
  const [made, setMade] = useState<Answers['keys']['rotate']>()
  const change = useChange({
    run: () => api.keys.rotate.mutate({ keyId, grace_seconds: Number(grace) }),
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
        <Stack gap="md">
          <p>
            Makes a key like it with a new text. Put the new one where the old one is, then wait until “still used” goes
            away from the old one.
          </p>
          <NativeSelect
            label="The old key works on for"
            data={graces}
            value={grace}
            onChange={(event) => setGrace(event.currentTarget.value)}
          />
          <Problem fault={change.fault} />
          <div className={css.buttons}>
            <Button loading={change.busy} onClick={() => void change.go()}>
              Rotate key
            </Button>
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
          </div>
        </Stack>
      )}
    </Dialog>
  )
}
