import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { wordsOf } from '../../parts/event-words.ts'
import { useProject } from '../../project.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import css from './audit.module.css'

export type Entry = Answers['audit']['list']['items'][number]

/** One entry of the audit log, whole. */
export const EntryDrawer = ({
  row,
  entryId,
  close,
}: {
  row: Entry | undefined
  entryId: string
  close: () => void
}) => (
  <Dialog opened drawer size="lg" close={close} title={row ? wordsOf(row.action) : 'Audit entry'}>
    {row ? (
      <>
        <Details
          of={[
            ['Action', <code key="action">{row.action}</code>],
            ['When', <When key="at" iso={row.at} />],
            ['Who', `${visible(row.actor.name)} (${row.actor.type})`],
            ['Who, by id', row.actor.id && <Take key="actor" text={row.actor.id} what="the actor’s id" />],
            ['Of what', <Target key="target" target={row.target} />],
            ['From', row.ip && <Take key="ip" text={row.ip} what="the address" />],
            ['With', row.user_agent && visible(row.user_agent)],
            ['Request', row.request_id && <Take key="request" text={row.request_id} what="the request’s id" />],
            ['Seal', row.seal === null ? 'Not sealed yet' : `Number ${row.seal}`],
            ['Entry id', <Take key="id" text={row.id} what="the entry’s id" />],
          ]}
        />
        <Part title="Context">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
          <pre tabIndex={0} className={css.context}>
            {visible(JSON.stringify(row.context, null, 2))}
          </pre>
        </Part>
      </>
    ) : (
      <Empty title="Not among the entries shown">
        The entry {visible(entryId)} is older than what was read, filtered out, or no longer kept.
      </Empty>
    )}
  </Dialog>
)

/** What an entry is about, with a way there where the dashboard has one. */
function Target({ target }: { target: string }) {
  const { id } = useProject()
  const of = target.slice(target.indexOf(':') + 1)
  const params = { project: id }
  const copy = <Take text={target} what="what it is of" />
  if (target.startsWith('approval:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/approvals" params={params} search={{ open: of }}>
          Open the approval
        </Link>
      </>
    )
  if (target.startsWith('secret:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/secrets" params={params} search={{ q: of, open: of }}>
          Open the secret
        </Link>
      </>
    )
  if (target.startsWith('ask:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/secrets" params={params} search={{ tab: 'asks' }}>
          See the asks
        </Link>
      </>
    )
  if (target.startsWith('account:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/codes" params={params} search={{ account: of }}>
          Open the account
        </Link>
      </>
    )
  if (target.startsWith('value:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/values" params={params} search={{ open: of }}>
          Open the value
        </Link>
      </>
    )
  if (target.startsWith('agent:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/agents/$agent" params={{ ...params, agent: of }}>
          Open the agent
        </Link>
      </>
    )
  if (target.startsWith('permission:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/requests/$request" params={{ ...params, request: of }}>
          Open the request
        </Link>
      </>
    )
  if (target.startsWith('policy:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/agents/policies/$policy" params={{ ...params, policy: of }}>
          Open the policy
        </Link>
      </>
    )
  if (target.startsWith('key:'))
    return (
      <>
        {copy}{' '}
        <Link to="/p/$project/keys" params={params} search={{ open: of }}>
          Open the key
        </Link>
      </>
    )
  return copy
}
