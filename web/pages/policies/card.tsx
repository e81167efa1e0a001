import { ActionIcon, Button, Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AgentName } from './agent-name.tsx'
import { DeletePolicy } from './delete.tsx'
import { PolicyMarks } from './marks.tsx'
import { Matchers } from './matchers.tsx'
import css from './policies.module.css'
import type { Policy } from './words.ts'
import type { Way } from './written.tsx'

type Props = {
  policy: Policy
  number: number
  /** Undefined at the end of the list. */
  up: (() => void) | undefined
  down: (() => void) | undefined
}

/** One policy in words, and what can be done with it. */
export function PolicyCard({ policy, number, up, down }: Props) {
  const { id, role } = useProject()
  const name = visible(policy.name)
  return (
    <li className={css.card} data-quiet={!policy.enabled || undefined}>
      <div className={css.head}>
        <span className={css.number} aria-hidden>
          {number}
        </span>
        <Link
          to="/p/$project/agents/policies/$policy"
          params={{ project: id, policy: policy.id }}
          className={css.name}
          data-row={policy.id}
        >
          {name}
        </Link>
        {atLeast(role, 'ADMIN') && (
          <div className={css.moves}>
            <Mover policy={policy} way="up" move={up} />
            <Mover policy={policy} way="down" move={down} />
          </div>
        )}
      </div>
      <PolicyMarks of={policy} />
      <Matchers of={policy.matchers} />
      <Rest of={policy} />
      {atLeast(role, 'ADMIN') && (
        <div className={css.buttons}>
          <OnOff policy={policy} />
          <Button
            size="xs"
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/p/$project/agents/policies/$policy"
                params={{ project: id, policy: policy.id }}
                aria-label={`Edit ${name}`}
              />
            )}
          >
            Edit
          </Button>
          <DeletePolicy policy={policy} />
        </div>
      )}
    </li>
  )
}

/** What it does beside its effect, and to whom. */
export const Rest = ({ of: policy }: { of: Policy }) => (
  <>
    {policy.description && <p className={css.small}>{visible(policy.description)}</p>}
    <p className={css.small}>
      {policy.agent_id === null ? (
        'Any agent.'
      ) : (
        <>
          Only <AgentName agentId={policy.agent_id} />.
        </>
      )}
      {policy.scope_template && (
        <>
          {' '}
          Narrows the scope to <code>{visible(JSON.stringify(policy.scope_template))}</code>.
        </>
      )}
      {policy.effect === 'deny' && policy.reason && <> Says “{visible(policy.reason)}”.</>}
    </p>
  </>
)

function Mover({ policy, way, move }: { policy: Policy; way: Way; move: (() => void) | undefined }) {
  const Icon = way === 'up' ? ArrowUp : ArrowDown
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={`Move ${visible(policy.name)} ${way}`}
      disabled={!move}
      data-moves={policy.id}
      data-way={way}
      onClick={move}
    >
      <Icon aria-hidden size={18} />
    </ActionIcon>
  )
}

function OnOff({ policy }: { policy: Policy }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.policies.update.mutate({ id: policy.id, enabled: !policy.enabled }),
    stale: [['policies', id]],
    says: policy.enabled ? 'It is off; requests go past it.' : 'It is on.',
  })
  return (
    <Switch
      size="sm"
      label="On"
      aria-label={`${visible(policy.name)} is on`}
      checked={policy.enabled}
      disabled={change.busy}
      onChange={() => void change.go()}
    />
  )
}
