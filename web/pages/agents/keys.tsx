import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FlaskConical, Radio } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Section } from '../../ui/page.tsx'
import { Cell, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { Alerts, type Key } from '../keys/alerts.tsx'
import { KeyMark } from '../keys/list.tsx'
import { RotateDialog } from '../keys/rotate.tsx'
import css from './agents.module.css'
import { NewAgentKey } from './new-key.tsx'
import { RevokeAll, RevokeKey } from './revoke.tsx'
import { type AgentDetail, allExtras, extras } from './words.ts'

/** The keys of an agent, newest first, and what can be done with them. */
export function AgentKeys({ agent }: { agent: AgentDetail }) {
  const { role } = useProject()
  const [making, setMaking] = useState(false)
  const [rotating, setRotating] = useState<Key>()
  const manages = atLeast(role, 'ADMIN')
  const working = agent.keys.filter(({ status }) => status === 'active' || status === 'disabled')
  return (
    <Section
      title="Keys"
      lead="Several work at once, so one is replaced without downtime: make or rotate, switch over, then revoke the old one."
      actions={
        manages && (
          <>
            <Button variant="default" onClick={() => setMaking(true)}>
              New key
            </Button>
            {working.length > 0 && <RevokeAll agent={agent} count={working.length} />}
          </>
        )
      }
    >
      {agent.keys.length === 0 ? (
        <p className={css.note}>It has no key.</p>
      ) : (
        <Table
          label="Keys of the agent"
          head={['Key', 'Also may', 'Last used', 'Ends', ...(manages ? ['Change'] : [])]}
        >
          {agent.keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} agent={agent} manages={manages} rotate={() => setRotating(key)} />
          ))}
        </Table>
      )}
      {rotating && (
        <RotateDialog
          apiKey={{ ...rotating, name: `${rotating.name} ${maskOf(rotating)}` }}
          close={() => setRotating(undefined)}
        />
      )}
      {making && <NewAgentKey agent={agent} close={() => setMaking(false)} />}
    </Section>
  )
}

/** What a scope lets it do, in words where there are some. */
const wordsOf = (scope: string) => {
  const known = allExtras.find((one) => one === scope)
  return known ? extras[known] : scope
}

const maskOf = (key: Key) => `${key.prefix}…${key.last4}`

type RowProps = { apiKey: Key; agent: AgentDetail; manages: boolean; rotate: () => void }

function KeyRow({ apiKey: key, agent, manages, rotate }: RowProps) {
  const { id } = useProject()
  const ended = key.status === 'revoked' || key.status === 'expired'
  const also = key.scopes.filter((scope) => scope !== 'permissions:request')
  const masked = maskOf(key)
  return (
    <Row quiet={ended}>
      <Cell label="Key">
        {manages ? (
          <Link to="/p/$project/keys" params={{ project: id }} search={{ open: key.id }}>
            <code>{masked}</code>
          </Link>
        ) : (
          <code>{masked}</code>
        )}
        <div className={css.marks}>
          <KeyMark of={key} />
          {key.env === 'test' ? (
            <Mark icon={FlaskConical} tone="info">
              Test
            </Mark>
          ) : (
            <Mark icon={Radio} tone="quiet">
              Live
            </Mark>
          )}
        </div>
        <Alerts of={key} />
      </Cell>
      <Cell label="Also may">
        {also.length === 0 ? (
          'Nothing but ask'
        ) : (
          <ul className={css.plain}>
            {also.map((scope) => (
              <li key={scope}>{wordsOf(scope)}</li>
            ))}
          </ul>
        )}
      </Cell>
      <Cell label="Last used">
        {key.last_used ? (
          <>
            <When iso={key.last_used.at} />
            <div className={css.small}>{key.last_used.ip}</div>
          </>
        ) : (
          'Never'
        )}
      </Cell>
      <Cell label="Ends">
        {key.revoked_at ? <When iso={key.revoked_at} /> : key.expires_at ? <When iso={key.expires_at} /> : 'Never'}
      </Cell>
      {manages && (
        <Cell label="Change">
          {ended ? (
            '–'
          ) : (
            <div className={css.marks}>
              {key.replaced_by === null && (
                <Button size="xs" variant="default" aria-label={`Rotate ${masked}`} onClick={rotate}>
                  Rotate…
                </Button>
              )}
              <RevokeKey agent={agent} apiKey={key} />
            </div>
          )}
        </Cell>
      )}
    </Row>
  )
}
