import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import type { EventName } from '../../../shared/events.ts'
import { visible } from '../../../shared/visible.ts'
import { allActions, wordsOf } from '../../parts/event-words.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters, FilterText, FilterTime } from '../../ui/filters.tsx'
import { Page } from '../../ui/page.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './audit.module.css'
import { EntryDrawer } from './entry.tsx'
import { Export } from './export.tsx'
import { Proof } from './proof.tsx'

const route = getRouteApi('/p/$project/audit')

/** Who did what, and the proof that nothing of it was changed. */
export function Audit() {
  const { id, api } = useProject()
  const { open, ...filters } = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: Partial<typeof filters & { open: string | undefined }>) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const pages = usePages(['audit', id, 'list', filters], (cursor) => api.audit.list.query({ ...filters, ...cursor }))
  const settings = useQuery({ queryKey: ['settings', id], queryFn: () => api.settings.get.query({}) })
  const filtered = Object.values(filters).some((each) => each !== undefined)
  const days = settings.data?.audit_days
  return (
    <Page
      title="Audit"
      lead="Every change of state and every look at something secret."
      actions={<Export filters={filters} />}
    >
      <Proof />
      <Filters clear={filtered ? () => void navigate({ search: {} }) : undefined}>
        <FilterText main label="Who" value={filters.actor} put={(actor) => put({ actor })} />
        <FilterPick<EventName>
          label="What"
          any="Anything"
          words={allActions}
          // An action that this page does not know, from a link, filters all the same.
          value={filters.action as EventName | undefined}
          put={(action) => put({ action })}
        />
        <FilterText label="Of what (kind:id)" value={filters.target} put={(target) => put({ target })} />
        <FilterTime label="From" value={filters.since} put={(since) => put({ since })} />
        <FilterTime label="Until" value={filters.until} put={(until) => put({ until })} />
      </Filters>
      {days !== undefined && (
        <p className={css.note}>
          {days === null ? 'Entries are kept for ever.' : `Entries are kept for ${days} days, their seals for ever.`}
        </p>
      )}
      <Stack gap="md">
        <List
          pages={pages}
          empty={
            <Empty
              icon={<ScrollText aria-hidden size={22} />}
              title={filtered ? 'No entry matches' : 'Nothing has happened yet'}
            >
              {filtered ? 'Another filter, or none, shows more.' : 'The first change in this project stands here.'}
            </Empty>
          }
        >
          {(items) => (
            <Table label="Audit entries" head={['What', 'Who', 'Of what', 'From', 'When']}>
              {items.map((row) => (
                <Row key={row.id}>
                  <Cell label="What">
                    <Opener id={row.id} open={() => put({ open: row.id })}>
                      {wordsOf(row.action)}
                    </Opener>
                  </Cell>
                  <Cell label="Who">{visible(row.actor.name)}</Cell>
                  <Cell label="Of what">
                    <code>{visible(row.target)}</code>
                  </Cell>
                  <Cell label="From">{row.ip ?? '–'}</Cell>
                  <Cell label="When">
                    <When iso={row.at} />
                  </Cell>
                </Row>
              ))}
            </Table>
          )}
        </List>
      </Stack>
      {open && (
        <EntryDrawer
          row={pages.items?.find((row) => row.id === open)}
          entryId={open}
          close={() => put({ open: undefined })}
        />
      )}
    </Page>
  )
}
