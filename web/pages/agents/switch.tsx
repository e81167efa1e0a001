import { Button, Stack } from '@mantine/core'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { type AgentDetail, withdrawn } from './words.ts'

/** Stops all keys of an agent at once, and lets them work again. */
export function OnOff({ agent }: { agent: AgentDetail }) {
  const { id, api } = useProject()
  const change = useChange({
    run: (disabled: boolean) => api.agents.update.mutate({ agentId: agent.id, disabled }),
    stale: [
      ['agents', id],
      ['keys', id],
      ['permissions', id],
      ['approvals', id],
      ['inbox', id],
    ],
    says: (_agent, disabled) => (disabled ? 'Its keys open nothing now, at once everywhere.' : 'Its keys work again.'),
    here: !agent.disabled,
  })
  if (agent.disabled)
    return (
      <Button variant="default" loading={change.busy} onClick={() => void change.go(false)}>
        Enable
      </Button>
    )
  return (
    <AskButton
      label="Disable…"
      title={`Disable the agent ${visible(agent.name)}?`}
      verb="Disable agent"
      confirm={() => change.go(true)}
      busy={change.busy}
      fault={change.fault}
    >
      <Stack gap="xs">
        <p>All its keys answer 401 from now on, on every node, until somebody enables it again.</p>
        <p>{withdrawn(agent.pending)}</p>
      </Stack>
    </AskButton>
  )
}
