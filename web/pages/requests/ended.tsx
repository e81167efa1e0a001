import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useNow } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Until } from '../../ui/until.tsx'
import { When } from '../../ui/when.tsx'
import { lessThan } from './narrowing.ts'
import { tellOutcome } from './outcome.ts'
import { type Look, type Request, whatOf } from './request.tsx'
import css from './requests.module.css'
import { unexpected } from './unexpected.ts'

type Props = {
  look: Look
  /** It was waiting when the page came: who reads is led to what became of it. */
  swapped: boolean
}

/** How a request was answered or ended: by whom, with what, and what can still be done. */
export function Ended({ look, swapped }: Props) {
  const { permission } = look
  const { role } = useProject()
  const now = useNow()
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (swapped) top.current?.focus()
  }, [swapped])
  const { headline, happened } = tellOutcome(look)
  const less = look.answered ? lessThan(permission.requested_scope, permission.scope) : []
  const { decided_by, decided_at, reason, status } = permission
  return (
    <div ref={top} className={css.end} role="status" tabIndex={-1}>
      <p>
        <strong>{headline}</strong> {decided_at && <When iso={decided_at} />}
      </p>
      <p>{happened}</p>
      {decided_by?.type === 'system' && look.answered && <p>A test key is answered at once, and nobody is asked.</p>}
      {reason && <p className={css.reason}>{visible(reason)}</p>}
      {less.length > 0 && (
        <>
          <p>Allowed less than was asked:</p>
          <ul className={css.less}>
            {less.map(({ name, words }) => (
              <li key={name}>
                <strong>{visible(name)}</strong>: {visible(words)}
              </li>
            ))}
          </ul>
        </>
      )}
      {status === 'approved' && <Until what="Its token works until" end={permission.expires_at} now={now} />}
      <div className={css.buttons}>
        {status === 'approved' && atLeast(role, 'MEMBER') && <Revoke request={permission} />}
        {decided_by?.type === 'policy' && decided_by.id && <PolicyLink id={decided_by.id} />}
        {status === 'denied' && reason === unexpected && permission.agent.type === 'agent' && permission.agent.id && (
          <KeysLink agentId={permission.agent.id} />
        )}
      </div>
    </div>
  )
}

const PolicyLink = ({ id: policy }: { id: string }) => {
  const { id } = useProject()
  return (
    <Link to="/p/$project/agents/policies/$policy" params={{ project: id, policy }}>
      Look at the policy
    </Link>
  )
}

/** Where the keys of an agent can be revoked, for those who may. */
function KeysLink({ agentId }: { agentId: string }) {
  const { liveId, role } = useProject()
  if (!atLeast(role, 'ADMIN')) return <p>An admin of the project can revoke the agent’s keys.</p>
  return (
    <Link to="/p/$project/agents/$agent" params={{ project: liveId, agent: agentId }}>
      Look at the agent’s keys
    </Link>
  )
}

function Revoke({ request }: { request: Request }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.permissions.revoke.mutate({ id: request.id }),
    stale: [
      ['permissions', id],
      ['approvals', id],
    ],
    says: 'Revoked; its token is dead.',
    here: true,
  })
  return (
    <AskButton
      label="Revoke…"
      title={`Revoke ${whatOf(request)}?`}
      verb="Revoke permission"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      The token stops working at once. What {visible(request.agent.name)} has done with it stays done.
    </AskButton>
  )
}
