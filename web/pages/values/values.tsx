import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Filters, FilterText } from '../../ui/filters.tsx'
import { Page } from '../../ui/page.tsx'
import { Level, useLevel } from './level.tsx'
import css from './values.module.css'

const route = getRouteApi('/p/$project/values')
const ValueDrawer = lazy(() => import('./drawer.tsx').then((file) => ({ default: file.ValueDrawer })))
const GuardList = lazy(() => import('./guard-list.tsx').then((file) => ({ default: file.GuardList })))
const NewValue = lazy(() => import('./new-value.tsx').then((file) => ({ default: file.NewValue })))

/** What the project keeps, as a tree of paths. */
export function Values() {
  const { role } = useProject()
  const { prefix = '', open } = route.useSearch()
  const navigate = route.useNavigate()
  const [adding, setAdding] = useState(false)
  const [marks, setMarks] = useState(false)
  const put = (words: { prefix?: string | undefined; open?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const pages = useLevel(prefix)
  const add = atLeast(role, 'MEMBER') && <Button onClick={() => setAdding(true)}>Set a value</Button>
  return (
    <Page
      title="Values"
      lead="Text under a path, set by approvals, programs and people. Every version is kept."
      actions={
        <>
          {add}
          <Button variant="default" onClick={() => setMarks(true)}>
            Marked paths
          </Button>
        </>
      }
    >
      <Filters clear={prefix === '' ? undefined : () => put({ prefix: undefined })}>
        <FilterText main label="Path begins with" value={prefix} put={(next) => put({ prefix: next })} />
      </Filters>
      {pages.items?.length === 0 ? (
        <Nothing prefix={prefix} action={add} />
      ) : (
        <div className={css.root}>
          <Level prefix={prefix} pages={pages} open={(keyPath) => put({ open: keyPath })} />
        </div>
      )}
      <Suspense fallback={null}>
        {open && <ValueDrawer key={open} keyPath={open} close={() => put({ open: undefined })} />}
        {marks && <GuardList close={() => setMarks(false)} />}
        {adding && <NewValue close={() => setAdding(false)} done={(keyPath) => put({ open: keyPath })} />}
      </Suspense>
    </Page>
  )
}

const Nothing = ({ prefix, action }: { prefix: string; action: React.ReactNode }) =>
  prefix === '' ? (
    <Empty
      icon={<Activity aria-hidden size={22} />}
      title="No value yet"
      action={action}
      curl={[
        `curl -X PUT '${location.origin}/v1/key/demo/test' \\`,
        "  -H 'Authorization: Bearer YOUR_API_KEY' \\",
        "  -d 'hello'",
      ].join('\n')}
    >
      A decided approval sets one; so does a program:
    </Empty>
  ) : (
    <Empty title="No path begins like this">Paths are case-sensitive.</Empty>
  )
