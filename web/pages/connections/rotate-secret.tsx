import { Button, NativeSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './connections.module.css'
import { SecretShown } from './secret-shown.tsx'
import { nameOf, type Webhook } from './webhooks.tsx'

const graces = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
]

/** A new signing secret; for a while requests bear a signature by each. */
export function RotateSecret({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { id, api } = useProject()
  const [grace, setGrace] = useState('86400')
  const [secret, setSecret] = useState<string>()
  const change = useChange({
    run: () => api.webhooks.rotate.mutate({ webhook_id: webhook.id, grace_seconds: Number(grace) }),
    done: (rotated) => setSecret(rotated.secret),
    stale: [['webhooks', id]],
    here: true,
  })
  if (secret !== undefined)
    return (
      <Dialog opened size="lg" close={() => undefined} title="Store the new secret">
        <SecretShown secret={secret} done={close} />
      </Dialog>
    )
  return (
    <Dialog opened close={close} title={`Rotate the secret of ${nameOf(webhook)}`}>
      <Stack gap="md">
        <p>Until the time is over each request bears two signatures, so that the receiver can change when it suits.</p>
        <NativeSelect
          label="The old secret signs on for"
          data={graces}
          value={grace}
          onChange={(event) => setGrace(event.currentTarget.value)}
        />
        <Problem fault={change.fault} />
        <div className={css.buttons}>
          <Button loading={change.busy} onClick={() => void change.go()}>
            Rotate secret
          </Button>
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
        </div>
      </Stack>
    </Dialog>
  )
}
