import { Button, Stack } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Ban, Check, CirclePause, Clock, FlaskConical, KeyRound } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { visible } from '../../../shared/visible.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters, FilterText } from '../../ui/filters.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { Alerts, type Key } from './alerts.tsx'
import css from './keys.module.css'

const route = getRouteApi('/p/$project/keys')
const KeyDrawer = lazy(() => import('./drawer.tsx').then((file) => ({ default: file.KeyDrawer })))

const statuses = { active: 'Active', disabled: 'Disabled', revoked: 'Revoked', expired: 'Expired' } as const

const looks = {
  active: { icon: Check, tone: 'ok' },
  disabled: { icon: CirclePause, tone: 'warn' },
  revoked: { icon: Ban, tone: 'quiet' },
  expired: { icon: Clock, tone: 'quiet' },
} as const

export const KeyMark = ({ of: { status } }: { of: Key }) => <Mark {...looks[status]}>{statuses[status]}</Mark>

/** All keys of the project, newest first. */
export function KeyList() {
  const { id, api } = useProject()
  const { open, q, status } = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: { q?: string | undefined; status?: Key['status'] | undefined; open?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const filters = { ...(q === undefined ? {} : { q }), ...(status === undefined ? {} : { status }) }
  const pages = usePages(['keys', id, 'list', filters], (cursor) => api.keys.list.query({ ...filters, ...cursor }))
  const filtered = q !== undefined || status !== undefined
  return (
    <Stack gap="md">
      <Filters clear={filtered ? () => put({ q: undefined, status: undefined }) : undefined}>
        <FilterText main label="Name or description" value={q} put={(next) => put({ q: next })} />
        <FilterPick
          label="Status"
          any="Any status"
          words={statuses}
          value={status}
          put={(next) => put({ status: next })}
        />
      </Filters>
      <List
        pages={pages}
        empty={
          filtered ? (
            <Empty title="No key matches">Another filter, or none, shows more.</Empty>
          ) : (
            <Empty
              icon={<KeyRound aria-hidden size={22} />}
              title="No API key yet"
              action={
                <Button renderRoot={(props) => <Link {...props} to="/p/$project/keys/new" params={{ project: id }} />}>
                  Make the first key
                </Button>
              }
              curl="countersign key:create --help"
            >
              A program needs a key to ask for approvals and to read values. Make one here, or on the server’s command
              line:
            </Empty>
          )
        }
      >
        {(items) => (
          <Table label="API keys" head={['Name', 'Key', 'May', 'Last used', 'Ends', 'Created']}>
            {items.map((key) => (
              <Row key={key.id} quiet={key.status !== 'active'}>
                <Cell label="Name">
                  <Opener id={key.id} open={() => put({ open: key.id })}>
                    {visible(key.name)}
                  </Opener>
                  <div className={css.alerts}>
                    <KeyMark of={key} />
                    {key.env === 'test' && (
                      <Mark icon={FlaskConical} tone="info">
                        Test
                      </Mark>
                    )}
                  </div>
                  <Alerts of={key} />
                </Cell>
                <Cell label="Key">
                  <code className={css.masked}>
                    {key.prefix}…{key.last4}
                  </code>
                </Cell>
                <Cell label="May">
                  <ScopeList of={key} />
                </Cell>
                <Cell label="Last used">
                  {key.last_used ? (
                    <>
                      <When iso={key.last_used.at} />
                      <div className={css.small}>
                        {[key.last_used.ip, key.last_used.user_agent && visible(key.last_used.user_agent)]
                          .filter(Boolean)
                          .join(' · ')}
                      </div>
                    </>
                  ) : (
                    'Never'
                  )}
                </Cell>
                <Cell label="Ends">{key.expires_at ? <When iso={key.expires_at} /> : 'Never'}</Cell>
                <Cell label="Created">
                  <When iso={key.created_at} />
                  <div className={css.small}>by {visible(key.created_by.name)}</div>
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {open && (
        <Suspense fallback={null}>
          <KeyDrawer keyId={open} close={() => put({ open: undefined })} />
        </Suspense>
      )}
    </Stack>
  )
}

export const ScopeList = ({ of: { scopes } }: { of: Key }) => (
  <ul className={css.scopes}>
    {scopes.map((scope) => (
      <li key={scope}>{scope === '*' ? 'everything' : scope}</li>
    ))}
  </ul>
)
