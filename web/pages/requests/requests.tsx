import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { AgentsFrame } from '../agents/frame.tsx'
import { type Request, RequestMark, reasonIn, statusWords, whatOf } from './request.tsx'
import css from './requests.module.css'

const route = getRouteApi('/p/$project/requests')

/** What agents asked, newest first. */
export function Requests() {
  const { id, api } = useProject()
  const { status, agent, action } = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const filters = {
    ...(status === undefined ? {} : { status }),
    ...(agent === undefined ? {} : { agent_id: agent }),
    ...(action === undefined ? {} : { action }),
  }
  const pages = usePages(['permissions', id, 'list', filters], (cursor) =>
    api.permissions.list.query({ ...filters, ...cursor }),
  )
  const agents = useQuery({
    queryKey: ['agents', id, 'names'],
    queryFn: async () => (await api.agents.list.query({ limit: 100 })).items,
  })
  const names = Object.fromEntries((agents.data ?? []).map((one) => [one.id, visible(one.name)]))
  const filtered = Object.keys(filters).length > 0
  const open = (request: string) =>
    void navigate({ to: '/p/$project/requests/$request', params: { project: id, request } })
  return (
    <AgentsFrame tab="requests">
      <Stack gap="md">
        <Filters clear={filtered ? () => void navigate({ search: {} }) : undefined}>
          <FilterText main label="Action" value={action} put={(word) => put({ action: word })} />
          <FilterPick
            label="Status"
            any="Any status"
            words={statusWords}
            value={status}
            put={(word) => put({ status: word })}
          />
          <FilterPick
            label="Agent"
            any="Any agent"
            words={agent === undefined || names[agent] ? names : { ...names, [agent]: agent }}
            value={agent}
            put={(word) => put({ agent: word })}
          />
        </Filters>
        <List pages={pages} empty={<Nothing filtered={filtered} />}>
          {(items) => (
            <Table label="Permission requests" head={['Asks', 'Status', 'Agent', 'Asked', 'Answered by']}>
              {items.map((one) => (
                <Line key={one.id} of={one} open={() => open(one.id)} />
              ))}
            </Table>
          )}
        </List>
      </Stack>
    </AgentsFrame>
  )
}

const Line = ({ of: one, open }: { of: Request; open: () => void }) => {
  const reason = reasonIn(one.context)
  return (
    <Row quiet={one.status !== 'pending'}>
      <Cell label="Asks">
        <Opener id={one.id} open={open}>
          {whatOf(one)}
        </Opener>
        {reason && <div className={css.clipped}>{visible(reason)}</div>}
      </Cell>
      <Cell label="Status">
        <RequestMark status={one.status} />
      </Cell>
      <Cell label="Agent">
        <div className={css.name}>{visible(one.agent.name)}</div>
      </Cell>
      <Cell label="Asked">
        <When iso={one.created_at} />
      </Cell>
      <Cell label="Answered by">{answererIn(one)}</Cell>
    </Row>
  )
}

/** Who or what answered, in a word or two. */
function answererIn({ decided_by: by, status }: Request): string {
  if (by === null || status === 'expired') return '–'
  return by.type === 'policy' ? `Policy: ${visible(by.name)}` : visible(by.name)
}

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <Empty title="No request matches">Clear a filter to see more.</Empty>
  ) : (
    <Empty
      icon={<Bot aria-hidden size={22} />}
      title="No agent has asked yet"
      curl={curlOf({
        method: 'POST',
        path: '/permissions/request',
        body: { action: 'email.send', scope: { to: ['ana@example.com'] }, context: { reason: 'A first try' } },
      })}
    >
      An agent asks for exactly one thing before it acts, and a person or a policy answers. Try it from a shell with a
      key of an agent:
    </Empty>
  )
