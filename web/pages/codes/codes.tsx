import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Page } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import css from './codes.module.css'
import { CodesDesk } from './desk.tsx'
import { Found } from './found.tsx'
import { NoAccounts } from './none.tsx'

const route = getRouteApi('/p/$project/codes')
const AccountPanel = lazy(() => import('./account/panel.tsx').then((file) => ({ default: file.AccountPanel })))
const ExportOwn = lazy(() => import('./account/export-own.tsx').then((file) => ({ default: file.ExportOwn })))

/** The codes of every account that one may use; the seeds stay on the server. */
export function Codes() {
  const { id, api, role } = useProject()
  const { account, tab = 'details' } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery({
    queryKey: ['accounts', id, 'board'],
    queryFn: () => api.accounts.board.query({}),
    // Of accounts only who reads the audit log is told by events: their names are nobody else's to hear.
    refetchInterval: atLeast(role, 'ADMIN') ? false : 15_000,
  })
  return (
    <Page
      title="Codes"
      lead="One-time codes of the accounts that you may use. Every look is written down, without the code."
      actions={query.data && query.data.items.length > 0 && atLeast(role, 'MEMBER') && <Actions />}
    >
      <Reading of={readingOf(query)} bones={8} height={72}>
        {(board) =>
          board.items.length === 0 ? (
            <NoAccounts />
          ) : (
            <CodesDesk key={id} board={board}>
              <Found board={board} />
            </CodesDesk>
          )
        }
      </Reading>
      {account && (
        <Suspense fallback={null}>
          <AccountPanel
            accountId={account}
            tab={tab}
            show={(next) => void navigate({ search: (before) => ({ ...before, tab: next }), resetScroll: false })}
            close={() =>
              void navigate({
                search: (before) => ({ ...before, account: undefined, tab: undefined }),
                resetScroll: false,
              })
            }
          />
        </Suspense>
      )}
    </Page>
  )
}

/** Ways in, and for admins the way out of their own. */
function Actions() {
  const { id, role } = useProject()
  const navigate = route.useNavigate()
  const [leaving, setLeaving] = useState(false)
  const params = { project: id }
  return (
    <>
      <Button renderRoot={(props) => <Link {...props} to="/p/$project/codes/new" params={params} />}>
        Add an account
      </Button>
      {atLeast(role, 'ADMIN') ? (
        <Menu
          label="Import and export"
          className={css.more}
          face={<Ellipsis aria-hidden size={20} />}
          groups={[
            [
              { label: 'Import from an app', run: () => void navigate({ to: '/p/$project/codes/import', params }) },
              { label: 'Export all of mine', run: () => setLeaving(true) },
            ],
          ]}
        />
      ) : (
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/p/$project/codes/import" params={params} />}
        >
          Import
        </Button>
      )}
      {leaving && (
        <Suspense fallback={null}>
          <ExportOwn opened close={() => setLeaving(false)} />
        </Suspense>
      )}
    </>
  )
}
