import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { flatten } from '../../parts/flatten.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { inWords } from '../../parts/named.ts'
import { readingOf } from '../../parts/query.ts'
import { releaseSentence } from '../../parts/release-words.ts'
import { Together } from '../../parts/together.tsx'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { type Approval, mayDecide, namesOf, outcomeOf, StatusMark, voteOf } from './approval.tsx'
import { Commands } from './commands.tsx'
import { Decide } from './decide.tsx'
import css from './drawer.module.css'
import { Receipt } from './receipt.tsx'
import { ToRequest } from './request-opener.tsx'
import { Retract } from './retract.tsx'
import { Timeline } from './timeline.tsx'

/** Everything about one approval: deciding it, what it says, what happened. */
export function ApprovalDrawer({ approvalId, close }: { approvalId: string; close: () => void }) {
  const { id, api } = useProject()
  const query = useQuery({
    queryKey: ['approvals', id, 'one', approvalId],
    queryFn: () => api.approvals.get.query({ approval_id: approvalId }),
    // Only the server's clock ends an approval: past the end on ours it is asked until it agrees.
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'pending' && Date.parse(data.expires_at) < Date.now() ? 2000 : false,
  })
  // A permission request has a page of its own, wherever its id was opened.
  if (query.data?.kind === 'permission') return <ToRequest request={approvalId} />
  return (
    <Dialog opened drawer size="lg" close={close} title={query.data?.key_path ?? 'Approval'}>
      <Reading of={readingOf(query)} bones={3}>
        {(approval) => <Inside approval={approval} />}
      </Reading>
    </Dialog>
  )
}

function Inside({ approval }: { approval: Approval }) {
  const { role } = useProject()
  const me = useQuery(whoAmI)
  const may = me.data !== undefined && mayDecide(approval, me.data, role)
  const { decision } = approval
  return (
    <div className={css.drawer}>
      <div className={css.head}>
        <StatusMark approval={approval} />
        <span className={css.small}>
          asked by {visible(approval.created_by.name)} <When iso={approval.created_at} />
        </span>
      </div>
      {approval.info && <Markdown text={approval.info} />}
      {approval.release && <p className={css.leaves}>{releaseSentence(approval.release)}</p>}
      {may && (
        <div className={css.decide}>
          <Decide key={approval.approval_id} approval={approval} />
        </div>
      )}
      {approval.progress && (
        <Together
          of={{ ...approval, progress: approval.progress }}
          mine={approval.status === 'pending' ? voteOf(approval, me.data) : undefined}
        />
      )}
      {approval.status === 'pending' && voteOf(approval, me.data) !== undefined && <Retract approval={approval} />}
      {approval.status !== 'pending' && (
        <div className={css.outcome}>
          <strong>{outcomeOf(approval)}</strong> {approval.ended_at && <When iso={approval.ended_at} />}
          {decision?.comment && <p>“{visible(decision.comment)}”</p>}
        </div>
      )}
      {approval.status === 'executed' && (
        <div>
          <Receipt approval={approval} />
        </div>
      )}
      {approval.status === 'pending' && !may && (
        <p className={css.outcome}>
          Waits for {approval.approvers ? whoDecides(approval) : 'a member of the project'}.
        </p>
      )}
      <Facts approval={approval} />
      <Part title="Timeline">
        <Timeline approvalId={approval.approval_id} />
      </Part>
      <Part title="Copy as">
        <Commands approval={approval} />
      </Part>
      {approval.status === 'pending' && atLeast(role, 'MEMBER') && <Invalidate approval={approval} />}
    </div>
  )
}

/** Who is named, as people read it. */
const whoDecides = (approval: Approval): string => visible(namesOf(approval).map(inWords).join(', '))

function Facts({ approval }: { approval: Approval }) {
  const { id } = useProject()
  const payload = approval.payload ? flatten(approval.payload) : []
  const needs = [
    approval.needs.pin && 'a PIN',
    approval.needs.match_number && 'the requester’s number',
    approval.needs.comment === 'required' && 'a comment',
    approval.needs.passkey && 'a passkey of whoever decides',
  ].filter((each) => typeof each === 'string')
  return (
    <Part title="Details">
      <Details
        of={[
          [
            'Sets the value of',
            <Link key="path" to="/p/$project/values" params={{ project: id }} search={{ open: approval.key_path }}>
              {approval.key_path}
            </Link>,
          ],
          [
            'Actions',
            <ul key="actions" className={css.actions}>
              {approval.actions.map(({ key, label, value }) => (
                <li key={key}>
                  {visible(label)} → <code>{visible(value)}</code>
                </li>
              ))}
            </ul>,
          ],
          ['Reference', approval.ref_id !== null && <Take text={approval.ref_id} what="the reference" />],
          ['Asks for', needs.join(', ')],
          ['Attempts left', approval.needs.pin || approval.needs.match_number ? String(approval.attempts_left) : null],
          ['Decided by', approval.approvers ? whoDecides(approval) : linkWords[approval.link]],
          [approval.status === 'pending' ? 'Expires' : 'Expiry', <When key="end" iso={approval.expires_at} />],
          ['Approval id', <Take key="id" text={approval.approval_id} what="the id" />],
          ['Fingerprint', <code key="hash">{approval.action_hash.slice(0, 16)}</code>],
          ...payload.map(({ name, value }) => [visible(name), visible(value)] as const),
        ]}
      />
    </Part>
  )
}

const linkWords = { bearer: 'Whoever holds the link, and members by name', signed_in: 'Signed-in members' } as const

function Invalidate({ approval }: { approval: Approval }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.approvals.invalidate.mutate({ approval_id: approval.approval_id }),
    stale: [
      ['approvals', id],
      ['inbox', id],
    ],
    says: 'Invalidated; its link is dead.',
    here: true,
  })
  return (
    <AskButton
      label="Invalidate…"
      title={`Invalidate the approval for ${approval.key_path}?`}
      verb="Invalidate approval"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      Its link stops working at once and nobody can decide it any more. The value stays as it is. Whoever waits for it
      is told.
    </AskButton>
  )
}
