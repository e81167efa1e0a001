import { Button, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { KeptDrawer } from './kept-drawer.tsx'
import { KeptForm } from './kept-form.tsx'
import css from './secrets.module.css'

const route = getRouteApi('/p/$project/secrets')

export type KeptSecret = Answers['kept']['list']['items'][number]

type Props = {
  /** The form of a new one is open. */
  storing: boolean
  store: (open: boolean) => void
}

/** Secrets that no link opens: what they are called, never what they say. */
export function Kept({ storing, store }: Props) {
  const { id, api, role } = useProject()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (kept: string | undefined) =>
    void navigate({ search: { tab: 'kept', ...(kept === undefined ? {} : { open: kept }) }, resetScroll: false })
  const pages = usePages(['kept', id, 'list'], (cursor) => api.kept.list.query(cursor))
  const shown = pages.items?.find((one) => one.kept_id === open)
  return (
    <Stack gap="md">
      <List pages={pages} empty={<Nothing store={atLeast(role, 'MEMBER') ? () => store(true) : undefined} />}>
        {(items) => (
          <>
            <p className={css.small}>
              How to ask: <code>POST /v1/approvals</code> with <code>release</code>. Open one for the whole command.
            </p>
            <Table label="Release-only secrets" head={['Name', 'Stored by', 'Stored', 'Changed']}>
              {items.map((one) => (
                <Row key={one.kept_id}>
                  <Cell label="Name">
                    <Opener id={one.kept_id} open={() => show(one.kept_id)}>
                      {visible(one.name)}
                    </Opener>
                  </Cell>
                  <Cell label="Stored by">{visible(one.created_by.name)}</Cell>
                  <Cell label="Stored">
                    <When iso={one.created_at} />
                  </Cell>
                  <Cell label="Changed">{one.updated_at === one.created_at ? '–' : <When iso={one.updated_at} />}</Cell>
                </Row>
              ))}
            </Table>
          </>
        )}
      </List>
      {shown && <KeptDrawer key={shown.kept_id} kept={shown} close={() => show(undefined)} />}
      {storing && <KeptForm close={() => store(false)} />}
    </Stack>
  )
}

const Nothing = ({ store }: { store: (() => void) | undefined }) => (
  <Empty
    icon={<ShieldCheck aria-hidden size={22} />}
    title="Nothing waits behind an approval yet"
    curl={curlOf({
      method: 'POST',
      path: '/secrets/release-only',
      body: { name: 'Production database', secret: 'correct horse battery staple' },
    })}
    action={store && <Button onClick={store}>Store the first secret</Button>}
  >
    A program that needs a password asks with <code>POST /v1/approvals</code> and <code>release</code>. People read what
    would leave and to whom, and with their yes the program reads it once. Store one here, or from a shell:
  </Empty>
)
