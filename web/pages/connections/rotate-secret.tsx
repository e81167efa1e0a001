import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { GraceForm } from '../../ui/grace-form.tsx'
import { SecretShown } from './secret-shown.tsx'
import { nameOf, type Webhook } from './webhooks.tsx'

/** A new signing secret; for a while requests bear a signature by each. */
export function RotateSecret({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { id, api } = useProject()
  const [secret, setSecret] = useState<string>()
  const change = useChange({
    run: (grace_seconds: number) => api.webhooks.rotate.mutate({ webhook_id: webhook.id, grace_seconds }),
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
      <GraceForm
        label="The old secret signs on for"
        verb="Rotate secret"
        rotate={change.go}
        busy={change.busy}
        fault={change.fault}
        close={close}
      >
        Until the time is over each request bears two signatures, so that the receiver can change when it suits.
      </GraceForm>
    </Dialog>
  )
}
