import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import type { Policy } from './words.ts'

const ends = {
  auto_approve: 'What it allowed at once is then answered by the policies below it, or a person is asked.',
  require_approval: 'What it put before a person is then answered by the policies below it, if one of them does.',
  deny: 'What it denied is then answered by the policies below it, or a person is asked.',
} as const

/** Removes a policy for good. */
export function DeletePolicy({ policy }: { policy: Policy }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.policies.delete.mutate({ id: policy.id }),
    stale: [['policies', id]],
    says: 'Deleted.',
    here: true,
  })
  const name = visible(policy.name)
  return (
    <AskButton
      label="Delete…"
      named={`Delete ${name}`}
      title={`Delete the policy ${name}?`}
      verb="Delete policy"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      {ends[policy.effect]} It cannot be brought back; switching it off keeps it.
    </AskButton>
  )
}
