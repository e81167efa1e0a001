import { Bot, FlaskConical } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { Details } from '../../ui/details.tsx'
import { Fold } from '../../ui/fold.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Section } from '../../ui/page.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { type Look, lasting, RequestMark, reasonIn } from './request.tsx'
import css from './requests.module.css'
import { Tree } from './tree.tsx'

/** What kind of asker it is, where it is not an agent. */
const kinds = { agent: 'AI agent', key: 'API key', person: 'Person' } as const

const kindOf = (type: string): string => Object.entries(kinds).find(([kind]) => kind === type)?.[1] ?? type

const nothing = (object: Record<string, unknown>) => Object.keys(object).length === 0

/** Who asks, for what, and why, in the agent's own words: as text, whatever stands in them. */
export function Asked({ look: { permission, known_since } }: { look: Look }) {
  const { agent, action, resource, requested_scope: scope, context } = permission
  const reason = reasonIn(context)
  // The reason stands above the rest, and not twice.
  const rest = Object.fromEntries(Object.entries(context).filter(([name]) => !(name === 'reason' && reason)))
  return (
    <>
      <Section>
        <h2 className={css.question}>
          <strong>{visible(agent.name)}</strong> asks: <code>{visible(action)}</code>
          {resource !== null && (
            <>
              {' '}
              on <code>{visible(resource)}</code>
            </>
          )}
        </h2>
        <div className={css.head}>
          <RequestMark status={permission.status} />
          <Mark icon={Bot} tone="quiet">
            {kindOf(agent.type)}
          </Mark>
          {permission.env === 'test' && (
            <Mark icon={FlaskConical} tone="warn">
              Test
            </Mark>
          )}
          <span className={css.small}>
            {known_since && (
              <>
                registered <When iso={known_since} />,{' '}
              </>
            )}
            asked <When iso={permission.created_at} />
          </span>
        </div>
      </Section>
      <Section title="Why is this asked">
        {reason ? <p className={css.reason}>{visible(reason)}</p> : <p>The agent gave no reason.</p>}
        {!nothing(rest) && <Tree of={rest} />}
      </Section>
      <Section title="What exactly is asked">
        {nothing(scope) ? <p>No scope: the action as such, without limits of its own.</p> : <Tree of={scope} />}
        <Fold summary="As the agent sent it" open={false}>
          <Raw of={{ scope, context }} />
        </Fold>
      </Section>
    </>
  )
}

const Raw = ({ of }: { of: Record<string, unknown> }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
  <pre className={css.raw} tabIndex={0}>
    {visible(JSON.stringify(of, null, 2))}
  </pre>
)

/** What only whoever looks closely wants to know. */
export const Facts = ({ look: { permission } }: { look: Look }) => (
  <Section title="Details">
    <Details
      of={[
        ['Time to decide', lasting(permission.ttl)],
        ['Uses', String(permission.uses)],
        ['Expires', /^(pending|approved)$/.test(permission.status) && <When key="end" iso={permission.expires_at} />],
        ['Request id', <Take key="id" text={permission.id} what="the request id" />],
        ['Canonical hash', <Take key="hash" text={permission.action_hash} what="the hash" />],
      ]}
    />
  </Section>
)
