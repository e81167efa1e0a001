import { Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Ban, Check, Clock, Hourglass, Inbox, Lock } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters } from '../../ui/filters.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, List, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './secrets.module.css'

const head = ['What', 'Status', 'Asked by', 'Made', 'Ends']

const route = getRouteApi('/p/$project/secrets')

type Ask = Answers['asks']['list']['items'][number]

const statuses = {
  open: 'Waiting for an answer',
  answered: 'Answered',
  cancelled: 'Cancelled',
  expired: 'Expired unanswered',
} as const satisfies Record<Ask['status'], string>

const looks = {
  open: { icon: Hourglass, tone: 'info' },
  answered: { icon: Check, tone: 'ok' },
  cancelled: { icon: Ban, tone: 'quiet' },
  expired: { icon: Clock, tone: 'quiet' },
} as const

/** What the project asked for, newest first. */
export function Asks() {
  const { id, api, role } = useProject()
  const { status } = route.useSearch()
  const navigate = route.useNavigate()
  const may = atLeast(role, 'MEMBER')
  const filters = status === undefined ? {} : { status }
  const pages = usePages(['asks', id, 'list', filters], (cursor) => api.asks.list.query({ ...filters, ...cursor }))
  const put = (next: Ask['status'] | undefined) =>
    void navigate({ search: (before) => ({ ...before, status: next }), resetScroll: false })
  return (
    <Stack gap="md">
      <Filters clear={status === undefined ? undefined : () => put(undefined)}>
        <FilterPick label="Status" any="Any status" words={statuses} value={status} put={put} />
      </Filters>
      <List pages={pages} empty={<Nothing filtered={status !== undefined} />}>
        {(items) => (
          <Table label="Asks" head={may ? [...head, 'Cancel'] : head}>
            {items.map((one) => (
              <Row key={one.ask_id} quiet={one.status !== 'open'}>
                <Cell label="What">
                  <span className={css.what}>{visible(one.title)}</span>
                  {one.encrypted_by === 'browser' && (
                    <div className={css.marks}>
                      <Mark icon={Lock} tone="quiet">
                        Browser-encrypted
                      </Mark>
                    </div>
                  )}
                </Cell>
                <Cell label="Status">
                  <Mark {...looks[one.status]}>{statuses[one.status]}</Mark>
                  {one.status === 'answered' && (
                    <div className={css.small}>Read it with the link that its asker kept.</div>
                  )}
                </Cell>
                <Cell label="Asked by">{visible(one.created_by.name)}</Cell>
                <Cell label="Made">
                  <When iso={one.created_at} />
                </Cell>
                <Cell label={one.ended_at === null ? 'Expires' : 'Ended'}>
                  <When iso={one.ended_at ?? one.expires_at} />
                </Cell>
                {may && <Cell label="Cancel">{one.status === 'open' ? <Cancel ask={one} /> : '–'}</Cell>}
              </Row>
            ))}
          </Table>
        )}
      </List>
    </Stack>
  )
}

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <Empty title="No ask matches">Another status, or any, shows more.</Empty>
  ) : (
    <Empty
      icon={<Inbox aria-hidden size={22} />}
      title="Nothing has been asked for yet"
      curl={curlOf({ method: 'POST', path: '/asks', body: { title: 'The API token of the staging account' } })}
    >
      Somebody else has the secret: send them a link where they fill it in. Only who asked can read it.
    </Empty>
  )

function Cancel({ ask }: { ask: Ask }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.asks.cancel.mutate({ ask_id: ask.ask_id }),
    stale: [['asks', id]],
    says: 'Cancelled; its link takes no answer any more.',
    here: true,
  })
  return (
    <AskButton
      label="Cancel…"
      named={`Cancel ${visible(ask.title)}`}
      title={`Cancel the ask for ${visible(ask.title)}?`}
      verb="Cancel ask"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      Its link takes no answer any more, at once and for good. Whoever opens it is told that nothing is needed.
    </AskButton>
  )
}
