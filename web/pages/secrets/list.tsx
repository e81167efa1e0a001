import { Checkbox, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { LockKeyhole } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { visible } from '../../../shared/visible.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { isLive, Marks, nameOf, type Secret, StateMark, stateWords } from './secret.tsx'
import css from './secrets.module.css'

const route = getRouteApi('/p/$project/secrets')
const SecretDrawer = lazy(() => import('./drawer.tsx').then((file) => ({ default: file.SecretDrawer })))

type Words = {
  state?: Secret['state'] | undefined
  mine?: true | undefined
  q?: string | undefined
  open?: string | undefined
}

/** The project's secrets, newest first. */
export function SecretList() {
  const { id, api } = useProject()
  const { open, state, mine, q } = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: Words) => void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const filters = {
    ...(state === undefined ? {} : { state }),
    ...(mine === undefined ? {} : { mine }),
    ...(q === undefined ? {} : { q }),
  }
  const pages = usePages(['secrets', id, 'list', filters], (cursor) =>
    api.secrets.list.query({ ...filters, ...cursor }),
  )
  const filtered = Object.keys(filters).length > 0
  return (
    <Stack gap="md">
      <Filters clear={filtered ? () => put({ state: undefined, mine: undefined, q: undefined }) : undefined}>
        <FilterText main label="Name or id" value={q} put={(next) => put({ q: next })} />
        <FilterPick
          label="State"
          any="Any state"
          words={stateWords}
          value={state}
          put={(next) => put({ state: next })}
        />
        <Checkbox
          className={css.mine ?? ''}
          label="Only mine"
          checked={mine ?? false}
          onChange={(event) => put({ mine: event.currentTarget.checked || undefined })}
        />
      </Filters>
      <List pages={pages} empty={<Nothing filtered={filtered} />}>
        {(items) => (
          <Table label="One-time secrets" head={['Secret', 'State', 'Made by', 'For', 'Made', 'Ends']}>
            {items.map((one) => (
              <Row key={one.secret_id} quiet={!isLive(one)}>
                <Cell label="Secret">
                  <Opener id={one.secret_id} open={() => put({ open: one.secret_id })}>
                    {nameOf(one)}
                  </Opener>
                  <Marks of={one} />
                </Cell>
                <Cell label="State">
                  <StateMark state={one.state} />
                </Cell>
                <Cell label="Made by">{visible(one.created_by.name)}</Cell>
                <Cell label="For">{one.recipient === null ? '–' : visible(one.recipient)}</Cell>
                <Cell label="Made">
                  <When iso={one.created_at} />
                </Cell>
                <Cell label={one.ended_at === null ? 'Expires' : 'Ended'}>
                  <When iso={one.ended_at ?? one.expires_at} />
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {open && (
        <Suspense fallback={null}>
          <SecretDrawer
            secret={pages.items?.find((one) => one.secret_id === open)}
            secretId={open}
            close={() => put({ open: undefined })}
          />
        </Suspense>
      )}
    </Stack>
  )
}

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <Empty title="No secret matches">Another filter, or none, shows more.</Empty>
  ) : (
    <Empty
      icon={<LockKeyhole aria-hidden size={22} />}
      title="Nothing has been shared yet"
      curl={curlOf({ method: 'POST', path: '/share', body: { secret: 'hunter2', ttl: 3600 } })}
    >
      A secret is handed over by a link that works once. Share one here, or from a shell:
    </Empty>
  )
