import { Button, Stack } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Bot, CirclePause, Hourglass } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Filters, FilterText } from '../../ui/filters.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './agents.module.css'
import { counted } from './words.ts'

const route = getRouteApi('/p/$project/agents')

/** All agents of the project, newest first. */
export function AgentList() {
  const { id, api, role } = useProject()
  const { q } = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const put = (next: string | undefined) => void navigate({ search: { q: next }, resetScroll: false })
  const filters = q === undefined ? {} : { q }
  const pages = usePages(['agents', id, 'list', filters], (cursor) => api.agents.list.query({ ...filters, ...cursor }))
  return (
    <Stack gap="md">
      <Filters clear={q === undefined ? undefined : () => put(undefined)}>
        <FilterText main label="Name or description" value={q} put={put} />
      </Filters>
      {!atLeast(role, 'ADMIN') && <p className={css.note}>Admins and owners of the project make and change agents.</p>}
      <List
        pages={pages}
        empty={
          q === undefined ? <NoAgents /> : <Empty title="No agent matches">Other words, or none, show more.</Empty>
        }
      >
        {(items) => (
          <Table label="Agents" head={['Name', 'Keys that work', 'Waiting', 'Last active']}>
            {items.map((agent) => (
              <Row key={agent.id} quiet={agent.disabled}>
                <Cell label="Name">
                  <Opener
                    id={agent.id}
                    open={() => void go({ to: '/p/$project/agents/$agent', params: { project: id, agent: agent.id } })}
                  >
                    {visible(agent.name)}
                  </Opener>
                  {agent.disabled && (
                    <div>
                      <Mark icon={CirclePause} tone="warn">
                        Disabled
                      </Mark>
                    </div>
                  )}
                  {agent.description && <p className={css.small}>{visible(agent.description)}</p>}
                </Cell>
                <Cell label="Keys that work">
                  {agent.live_keys + agent.test_keys === 0
                    ? 'None'
                    : `${agent.live_keys} live, ${agent.test_keys} test`}
                </Cell>
                <Cell label="Waiting">
                  {agent.pending === 0 ? (
                    'Nothing'
                  ) : (
                    <Mark icon={Hourglass} tone="info">
                      {counted(agent.pending, 'request')}
                    </Mark>
                  )}
                </Cell>
                <Cell label="Last active">
                  {agent.last_activity_at ? <When iso={agent.last_activity_at} /> : 'Never'}
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
    </Stack>
  )
}

function NoAgents() {
  const { id, role } = useProject()
  const icon = <Bot aria-hidden size={22} />
  if (!atLeast(role, 'ADMIN'))
    return (
      <Empty icon={icon} title="No agent yet">
        An agent is a program with a key of its own that asks before it acts. An admin makes the first one.
      </Empty>
    )
  return (
    <Empty
      icon={icon}
      title="No agent yet"
      curl={curlOf({ method: 'POST', path: '/agents', body: { name: 'my-assistant' } })}
      action={
        <>
          <Button renderRoot={(props) => <Link {...props} to="/p/$project/agents/new" params={{ project: id }} />}>
            Make the first agent
          </Button>
          <div className={css.command}>
            <CopyLine text={'countersign agent:create --name "my-assistant"'} what="the command of the server" />
          </div>
        </>
      }
    >
      An agent is a program with a key of its own that asks before it acts. Make one here, on the server’s command line,
      or through the API:
    </Empty>
  )
}
