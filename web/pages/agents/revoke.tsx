import { Stack } from '@mantine/core'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import type { Key } from '../keys/alerts.tsx'
import { Used } from '../keys/used.tsx'
import { type AgentDetail, counted, withdrawn } from './words.ts'

/** Revokes one key of an agent, or all. */
function useRevoking(agent: AgentDetail, keyId?: string) {
  const { id, api } = useProject()
  return useChange({
    run: () => api.agents.revoke.mutate({ agentId: agent.id, ...(keyId === undefined ? {} : { key_id: keyId }) }),
    stale: [
      ['agents', id],
      ['keys', id],
      ['permissions', id],
      ['approvals', id],
      ['inbox', id],
    ],
    says: 'Revoked, at once on every node.',
    here: true,
  })
}

/** Ends one key for good, after showing who would miss it. */
export function RevokeKey({ agent, apiKey: key }: { agent: AgentDetail; apiKey: Key }) {
  const change = useRevoking(agent, key.id)
  const masked = `${key.prefix}…${key.last4}`
  return (
    <AskButton
      label="Revoke…"
      named={`Revoke ${masked}`}
      title={`Revoke the key ${masked} of ${visible(agent.name)}?`}
      verb="Revoke key"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      <Stack gap="xs">
        <p>Whatever uses it is answered 401 from now on, and it cannot be taken back. Its log stays.</p>
        {agent.pending > 0 && (
          <p>
            What it asked and nobody has answered is withdrawn; {counted(agent.pending, 'request')} of the agent wait.
          </p>
        )}
        <p>
          <strong>Used in the last 7 days by:</strong>
        </p>
        <Used keyId={key.id} />
      </Stack>
    </AskButton>
  )
}

/** Ends every key of an agent. */
export function RevokeAll({ agent, count }: { agent: AgentDetail; count: number }) {
  const change = useRevoking(agent)
  return (
    <AskButton
      label="Revoke all…"
      title={`Revoke all keys of ${visible(agent.name)}?`}
      verb={count === 1 ? 'Revoke the key' : `Revoke ${counted(count, 'key')}`}
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      <Stack gap="xs">
        <p>
          {counted(count, 'key')} {count === 1 ? 'answers' : 'answer'} 401 from now on, on every node, and cannot be
          taken back. What it was allowed and has not used yet can be used no more.
        </p>
        <p>{withdrawn(agent.pending)}</p>
      </Stack>
    </AskButton>
  )
}
