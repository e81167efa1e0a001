import { Button } from '@mantine/core'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { timeLeft } from '../../parts/clock.ts'
import { useNow } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { AgentName } from './agent-name.tsx'
import { Matchers } from './matchers.tsx'
import css from './policies.module.css'
import type { Policy } from './words.ts'

/** Yeses that were given for a while, with the time that is left. */
export const StandingList = ({ of }: { of: readonly Policy[] }) => (
  <ul className={css.list} aria-label="Standing yeses">
    {of.map((one) => (
      <Standing key={one.id} policy={one} />
    ))}
  </ul>
)

function Standing({ policy }: { policy: Policy }) {
  const { role } = useProject()
  const now = useNow()
  const left = policy.expires_at === null ? 0 : Date.parse(policy.expires_at) - now
  return (
    <li className={css.card} id={`policy-${policy.id}`}>
      <div className={css.head}>
        <strong className={css.name}>{visible(policy.name)}</strong>
        <span className={css.left}>{left > 0 ? `${timeLeft(left)} left` : 'Time is up'}</span>
      </div>
      <Matchers of={policy.matchers} />
      <p className={css.small}>
        Yes to exactly the scope that {visible(policy.created_by.name)} approved
        {policy.scope_template && (
          <>
            , narrowed to <code>{visible(JSON.stringify(policy.scope_template))}</code>
          </>
        )}
        {policy.agent_id !== null && (
          <>
            {' '}
            for <AgentName agentId={policy.agent_id} />
          </>
        )}
        .
      </p>
      {atLeast(role, 'MEMBER') && <EndNow policy={policy} />}
    </li>
  )
}

function EndNow({ policy }: { policy: Policy }) {
  const { id, api } = useProject()
  const [asked, setAsked] = useState(false)
  const change = useChange({
    run: () => api.policies.endStanding.mutate({ id: policy.id }),
    stale: [['policies', id]],
    says: 'Ended. From now on it is asked about again.',
    here: true,
  })
  return (
    <div>
      <Button size="xs" variant="default" aria-label={`End ${visible(policy.name)} now`} onClick={() => setAsked(true)}>
        End now…
      </Button>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        title={`End the standing yes “${visible(policy.name)}”?`}
        verb="End it now"
        confirm={() => change.go()}
        busy={change.busy}
        fault={change.fault}
      >
        From now on a person, or a policy, is asked about this again. What it allowed already stays allowed.
      </ConfirmDialog>
    </div>
  )
}
