import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { useState } from 'react'
import { faultOf } from '../../parts/fault.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Notice } from '../../ui/sheet.tsx'
import { Timeline } from '../approvals/timeline.tsx'
import { Asked, Facts } from './asked.tsx'
import { Decide } from './decide.tsx'
import { Ended } from './ended.tsx'
import type { Look } from './request.tsx'
import { Standing } from './standing.tsx'

const route = getRouteApi('/p/$project/requests/$request')

/** One permission request: who asks for what and why, the answer, and what came of it. Live, whoever answers it. */
export function RequestPage() {
  const { id, api } = useProject()
  const { request } = route.useParams()
  const query = useQuery({
    queryKey: ['permissions', id, 'look', request],
    queryFn: () => api.permissions.look.query({ id: request }),
    // Only the server's clock ends it: past the end on ours it is asked until it agrees.
    refetchInterval: ({ state: { data } }) =>
      data && /^(pending|approved)$/.test(data.permission.status) && Date.parse(data.permission.expires_at) < Date.now()
        ? 2000
        : false,
  })
  return (
    <Page
      title="Permission request"
      narrow
      actions={
        <Link to="/p/$project/requests" params={{ project: id }}>
          All requests
        </Link>
      }
    >
      {query.error && faultOf(query.error).code === 'NOT_FOUND' ? (
        <Missing />
      ) : (
        <Reading of={readingOf(query)} bones={4} height={96}>
          {(look) => <Inside key={look.permission.id} look={look} />}
        </Reading>
      )}
    </Page>
  )
}

const Missing = () => (
  <Empty icon={<SearchX aria-hidden size={22} />} title="There is no such request">
    Not in this project, or not on this side of test mode. Whoever sent you here may have cut the address.
  </Empty>
)

function Inside({ look }: { look: Look }) {
  const { permission, may_decide, why_not } = look
  const [lost, setLost] = useState(false)
  const pending = permission.status === 'pending'
  const [waited] = useState(pending)
  return (
    <>
      {lost && !pending && (
        <Notice warn>It had ended before your answer came. Your answer changed nothing; this is how it ended.</Notice>
      )}
      {!pending && (
        <Section title="The answer">
          <Ended look={look} swapped={waited} />
        </Section>
      )}
      <Asked look={look} />
      {pending && (
        <Section title="Your answer">
          {may_decide ? (
            <Decide request={permission} lost={() => setLost(true)} />
          ) : (
            <Notice warn>
              <strong>You cannot answer this.</strong> {why_not}
            </Notice>
          )}
        </Section>
      )}
      {look.standing && <Standing {...look.standing} />}
      <Facts look={look} />
      <Section title="What happened">
        <Timeline approvalId={permission.id} />
      </Section>
    </>
  )
}
