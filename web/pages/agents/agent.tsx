import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { CirclePause } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { faultOf } from '../../parts/fault.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Details } from '../../ui/details.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import css from './agents.module.css'
import { EditAgent } from './edit.tsx'
import { AgentKeys } from './keys.tsx'
import { RecentRequests } from './recent.tsx'
import { RulesOf } from './rules-of.tsx'
import { Stats } from './stats.tsx'
import { OnOff } from './switch.tsx'
import { type AgentDetail, adminsOnly } from './words.ts'

const route = getRouteApi('/p/$project/agents/$agent')

/** One agent: what it is, how it was answered, its keys, what it asked, and which rules answer it. */
export function AgentPage() {
  const { id, api } = useProject()
  const { agent: agentId } = route.useParams()
  const query = useQuery({
    queryKey: ['agents', id, 'one', agentId],
    queryFn: () => api.agents.get.query({ agentId }),
  })
  const gone = query.error !== null && /^(NOT_FOUND|INVALID_INPUT)$/.test(faultOf(query.error).code)
  return (
    <Page
      title={query.data ? visible(query.data.name) : 'Agent'}
      lead={
        <Link to="/p/$project/agents" params={{ project: id }} search={{}}>
          All agents
        </Link>
      }
      actions={query.data && <Actions agent={query.data} />}
    >
      {gone ? (
        <Empty title="No such agent">There is no agent with this id in this project.</Empty>
      ) : (
        <Reading of={readingOf(query)} bones={3} height={120}>
          {(agent) => <Inside agent={agent} />}
        </Reading>
      )}
    </Page>
  )
}

function Actions({ agent }: { agent: AgentDetail }) {
  const { role } = useProject()
  const [editing, setEditing] = useState(false)
  if (!atLeast(role, 'ADMIN')) return null
  return (
    <>
      <Button variant="default" onClick={() => setEditing(true)}>
        Rename…
      </Button>
      <OnOff agent={agent} />
      {editing && <EditAgent agent={agent} close={() => setEditing(false)} />}
    </>
  )
}

function Inside({ agent }: { agent: AgentDetail }) {
  const { role } = useProject()
  const facts = Object.entries(agent.metadata).map(
    ([name, value]) => [visible(name), visible(typeof value === 'string' ? value : JSON.stringify(value))] as const,
  )
  return (
    <>
      {!atLeast(role, 'ADMIN') && <p className={css.note}>{adminsOnly}</p>}
      <Section>
        {agent.disabled && (
          <div className={css.marks}>
            <Mark icon={CirclePause} tone="warn">
              Disabled: its keys open nothing
            </Mark>
          </div>
        )}
        {agent.description && <p>{visible(agent.description)}</p>}
        <Details
          of={[
            [
              'Created',
              <>
                <When key="made" iso={agent.created_at} /> by {visible(agent.created_by.name)}
              </>,
            ],
            ['Last active', agent.last_activity_at ? <When key="at" iso={agent.last_activity_at} /> : 'Never'],
            ...facts,
            ['Agent id', <Take key="id" text={agent.id} what="the agent’s id" />],
          ]}
        />
      </Section>
      <Section title="The last 30 days" lead="What its live keys asked. Test keys do not count.">
        <Stats of={agent.stats} />
      </Section>
      <AgentKeys agent={agent} />
      <Section title="What it asked last">
        <RecentRequests agentId={agent.id} />
      </Section>
      <Section title="What answers it in place of a person" lead="Standing yeses and policies, in the order asked.">
        <RulesOf agentId={agent.id} />
      </Section>
    </>
  )
}
