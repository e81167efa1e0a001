import { Ban, Check, CheckCheck, Clock, Hourglass } from 'lucide-react'
import { visible } from '../../../../shared/visible.ts'
import type { Answers } from '../../../api.ts'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { AskButton } from '../../../ui/ask-button.tsx'
import { Mark } from '../../../ui/mark.tsx'
import { When } from '../../../ui/when.tsx'
import css from './account.module.css'
import { type Account, nameOf } from './account.ts'

type Grant = Answers['accounts']['permissions']['items'][number]

const looks = {
  active: { icon: Check, tone: 'ok', words: 'Has access' },
  invited: { icon: Hourglass, tone: 'info', words: 'Once they have joined' },
  expired: { icon: Clock, tone: 'quiet', words: 'Expired' },
  used: { icon: CheckCheck, tone: 'quiet', words: 'Used up' },
  revoked: { icon: Ban, tone: 'quiet', words: 'Revoked' },
} as const

/** Whom a grant is of. */
const granteeOf = ({ key, name, email }: Grant): string =>
  key ? `API key ${visible(key.name)}` : visible(name ?? email ?? 'Somebody')

/** Every grant of an account: to whom, for what, until when; those that have ended stay to be seen. */
export const Grants = ({ account, of }: { account: Account; of: readonly Grant[] }) => (
  <ul className={css.grants} aria-label="Who was given access">
    {of.map((grant) => (
      <li key={grant.id}>
        <div className={css.grant}>
          <strong>{granteeOf(grant)}</strong>
          {grant.name !== null && grant.email && <span className={css.small}>{visible(grant.email)}</span>}
          <span className={css.small}>
            {grant.role === 'manager' ? 'Manager: codes, edits, grants' : 'Viewer: codes'}
            {grant.codes && ` · ${grant.codes.left} of ${grant.codes.max} codes left`} · <Ends of={grant} />
          </span>
          <span className={css.small}>
            Given by {visible(grant.granted_by.name)} <When iso={grant.granted_at} />
          </span>
        </div>
        <div className={css.end}>
          <Mark icon={looks[grant.status].icon} tone={looks[grant.status].tone}>
            {looks[grant.status].words}
          </Mark>
          {(grant.status === 'active' || grant.status === 'invited') && <Revoke account={account} grant={grant} />}
        </div>
      </li>
    ))}
  </ul>
)

function Ends({ of: { expires_at, status } }: { of: Grant }) {
  if (expires_at === null) return 'until it is revoked'
  return (
    <>
      {status === 'expired' ? 'ended' : 'ends'} <When iso={expires_at} />
    </>
  )
}

function Revoke({ account, grant }: { account: Account; grant: Grant }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () =>
      api.accounts.permit.mutate({
        accountId: account.id,
        action: 'revoke',
        ...(grant.key ? { key_id: grant.key.id } : grant.email ? { email: grant.email } : {}),
      }),
    stale: [['accounts', id]],
    says: 'Revoked, at once on every node.',
    here: true,
  })
  const whom = granteeOf(grant)
  return (
    <AskButton
      label="Revoke…"
      named={`Revoke access of ${whom}`}
      title={`Revoke access of ${whom}?`}
      verb="Revoke access"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      From now on {whom} gets no code of {nameOf(account)} any more. A code that was just shown works until its time is
      over.
    </AskButton>
  )
}
