import { Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Check, CirclePause, CirclePlay, ScrollText, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './keys.module.css'
import { LogFilters } from './log-filters.tsx'
import { RequestDrawer } from './request.tsx'

const route = getRouteApi('/p/$project/keys')
const tailMs = 2000

export type Logged = Answers['requests']['list']['items'][number]

export const StatusOf = ({ row }: { row: Logged }) => (
  <Mark
    icon={row.status < 400 ? Check : TriangleAlert}
    tone={row.status < 400 ? 'ok' : row.status < 500 ? 'warn' : 'bad'}
  >
    {row.code ? `${row.status} ${row.code}` : String(row.status)}
  </Mark>
)

/** The access log of all keys, newest first, following what happens until it is paused. */
export function Log() {
  const { id, api } = useProject()
  const { open, key, failed, method, ip, since, until } = route.useSearch()
  const navigate = route.useNavigate()
  const [following, setFollowing] = useState(true)
  const filters = { key_id: key, failed, method, ip, since, until }
  const filtered = Object.values(filters).some((each) => each !== undefined)
  const pages = usePages(['keys', id, 'log', filters], (cursor) => api.requests.list.query({ ...filters, ...cursor }), {
    refetchInterval: following ? tailMs : false,
  })
  const settings = useQuery({ queryKey: ['settings', id], queryFn: () => api.settings.get.query({}) })
  const show = (requestId: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, open: requestId }), resetScroll: false })
  return (
    <Stack gap="md">
      <LogFilters />
      <div className={css.bar}>
        <span className={css.note}>
          {settings.data ? `Rows are kept for ${settings.data.requests_days} days.` : ''}
        </span>
        <Button
          size="sm"
          variant="default"
          aria-pressed={!following}
          leftSection={following ? <CirclePause aria-hidden size={18} /> : <CirclePlay aria-hidden size={18} />}
          onClick={() => setFollowing(!following)}
        >
          {following ? 'Pause' : 'Follow'}
        </Button>
      </div>
      <List
        pages={pages}
        empty={
          <Empty
            icon={<ScrollText aria-hidden size={22} />}
            title={filtered ? 'No request matches' : 'No request yet'}
            {...(filtered ? {} : { curl: curlOf({ path: '/keys' }) })}
          >
            {filtered
              ? 'Another filter, or none, shows more.'
              : 'Every request with an API key gets a row within a second: when, which key, what, from where, how fast.'}
          </Empty>
        }
      >
        {(items) => (
          <Table label="Access log" head={['Request', 'Status', 'Key', 'From', 'Took', 'When']}>
            {items.map((row) => (
              <Row key={row.request_id}>
                <Cell label="Request">
                  <Opener id={row.request_id} open={() => show(row.request_id)}>
                    {row.method} {row.route}
                  </Opener>
                </Cell>
                <Cell label="Status">
                  <StatusOf row={row} />
                </Cell>
                <Cell label="Key">{visible(row.key_name)}</Cell>
                <Cell label="From">{row.ip}</Cell>
                <Cell label="Took">{row.ms} ms</Cell>
                <Cell label="When">
                  <When iso={row.at} />
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {open && (
        <RequestDrawer
          row={pages.items?.find((row) => row.request_id === open)}
          requestId={open}
          close={() => show(undefined)}
        />
      )}
    </Stack>
  )
}
