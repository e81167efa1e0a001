import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import type { Key } from './alerts.tsx'
import { Used } from './used.tsx'

/** Ends a key for good, after showing who would miss it. */
export function Revoke({ apiKey: { id: keyId, name } }: { apiKey: Key }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.keys.revoke.mutate({ keyId }),
    stale: [
      ['keys', id],
      ['agents', id],
      ['inbox', id],
    ],
    says: 'Revoked, at once on every node.',
    here: true,
  })
  return (
    <AskButton
      label="Revoke…"
      title={`Revoke the key ${visible(name)}?`}
      verb="Revoke key"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      <p>Every program that uses it is refused from now on, and it cannot be taken back. Its log stays.</p>
      <p>
        <strong>Used in the last 7 days by:</strong>
      </p>
      <Used keyId={keyId} />
    </AskButton>
  )
}
