import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ListChecks } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterPick, Filters, FilterText, FilterTime } from '../../ui/filters.tsx'
import { Page } from '../../ui/page.tsx'
import { List } from '../../ui/rows.tsx'
import { statusWords } from './approval.tsx'
import { Bulk } from './bulk.tsx'
import { ApprovalTable } from './table.tsx'

const route = getRouteApi('/p/$project/approvals')
const ApprovalDrawer = lazy(() => import('./drawer.tsx').then((file) => ({ default: file.ApprovalDrawer })))

/** Every approval of the project, newest first. */
export function Approvals() {
  const { id, api, role } = useProject()
  const { open, ...filters } = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: Partial<typeof filters & { open: string | undefined }>) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const pages = usePages(['approvals', id, 'list', filters], (cursor) =>
    api.approvals.list.query({ ...filters, ...cursor }),
  )
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const member = atLeast(role, 'MEMBER')
  const filtered = Object.values(filters).some((each) => each !== undefined)
  const ask = member && (
    <Button renderRoot={(props) => <Link {...props} to="/p/$project/approvals/new" params={{ project: id }} />}>
      Ask for an approval
    </Button>
  )
  return (
    <Page title="Approvals" lead="Every request for a decision, and what became of it." actions={ask}>
      <Filters clear={filtered ? () => void navigate({ search: open ? { open } : {} }) : undefined}>
        <FilterText main label="Key path" value={filters.key_path} put={(key_path) => put({ key_path })} />
        <FilterText label="Reference" value={filters.ref_id} put={(ref_id) => put({ ref_id })} />
        <FilterPick
          label="Status"
          any="Any status"
          words={statusWords}
          value={filters.status}
          put={(status) => put({ status })}
        />
        <FilterTime label="Created from" value={filters.since} put={(since) => put({ since })} />
        <FilterTime label="Created before" value={filters.until} put={(until) => put({ until })} />
      </Filters>
      {picked.size > 0 && <Bulk picked={picked} done={() => setPicked(new Set())} />}
      <List
        pages={pages}
        empty={
          filtered ? (
            <Empty title="No approval matches">Another filter, or none, shows more.</Empty>
          ) : (
            <Empty
              icon={<ListChecks aria-hidden size={22} />}
              title="Nothing has been asked yet"
              action={ask}
              curl={curlOf({
                method: 'POST',
                path: '/approvals',
                body: { key_path: 'deploy/prod', value: 'approved' },
              })}
            >
              A script, a job or an agent asks; a person presses a button; a value is set. Ask here, or from a shell:
            </Empty>
          )
        }
      >
        {(items) => (
          <ApprovalTable
            label="Approvals"
            items={items}
            open={(approvalId) => put({ open: approvalId })}
            picked={member ? picked : undefined}
            pick={setPicked}
          />
        )}
      </List>
      {open && (
        <Suspense fallback={null}>
          <ApprovalDrawer approvalId={open} close={() => put({ open: undefined })} />
        </Suspense>
      )}
    </Page>
  )
}
