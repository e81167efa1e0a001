import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Inbox as InboxIcon } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { ApprovalTable } from '../approvals/table.tsx'
import { Cards } from './cards.tsx'
import { KeyHealth } from './key-health.tsx'

const route = getRouteApi('/p/$project/')
const ApprovalDrawer = lazy(() => import('../approvals/drawer.tsx').then((file) => ({ default: file.ApprovalDrawer })))

/** The first page: what needs whom. */
export function Inbox() {
  const { id, api, role } = useProject()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (approvalId: string | undefined) =>
    void navigate({ search: approvalId ? { open: approvalId } : {}, resetScroll: false })
  const query = useQuery({ queryKey: ['inbox', id], queryFn: () => api.inbox.get.query({}) })
  return (
    <Page
      title="Inbox"
      actions={
        atLeast(role, 'MEMBER') && (
          <Button renderRoot={(props) => <Link {...props} to="/p/$project/approvals/new" params={{ project: id }} />}>
            Ask for an approval
          </Button>
        )
      }
    >
      <Reading of={readingOf(query)} bones={3} height={96}>
        {(inbox) => <Inside inbox={inbox} show={show} />}
      </Reading>
      {open && (
        <Suspense fallback={null}>
          <ApprovalDrawer approvalId={open} close={() => show(undefined)} />
        </Suspense>
      )}
    </Page>
  )
}

type Props = { inbox: Answers['inbox']['get']; show: (approvalId: string) => void }

/** A count that says when the list below holds only its first part. */
const counted = (count: number, shown: number) => (count > shown ? `${count}, the first ${shown} shown` : String(count))

function Inside({ inbox: { needs_me, waiting, recent, key_health, counts }, show }: Props) {
  const bare = needs_me.length + waiting.length + recent.length + key_health.length === 0
  if (bare)
    return (
      <Empty
        icon={<InboxIcon aria-hidden size={22} />}
        title="Nothing needs you"
        curl={curlOf({
          method: 'POST',
          path: '/approvals',
          body: { key_path: 'demo/test', value: 'approved', info: 'My first question' },
        })}
      >
        When a script, a job or an agent asks for a decision, it stands here, and you decide with one press. Ask
        something from a shell with one of your API keys:
      </Empty>
    )
  return (
    <>
      <Section title={`Needs your decision (${counted(counts.needs_me, needs_me.length)})`}>
        {needs_me.length > 0 ? <Cards items={needs_me} show={show} mine /> : <p>Nothing. Well done.</p>}
      </Section>
      {waiting.length > 0 && (
        <Section title={`Waiting on others (${counted(counts.waiting, waiting.length)})`}>
          <Cards items={waiting} show={show} />
        </Section>
      )}
      {key_health.length > 0 && <KeyHealth keys={key_health} />}
      {recent.length > 0 && (
        <Section title="Recent outcomes">
          <ApprovalTable label="Recent outcomes" items={recent} open={show} />
        </Section>
      )}
    </>
  )
}
