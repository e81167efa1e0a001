import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import { RequestMark, whatOf } from '../requests/request.tsx'
import css from './agents.module.css'

/** What an agent asked last, and what became of it. */
export function RecentRequests({ agentId }: { agentId: string }) {
  const { id, api } = useProject()
  const query = useQuery({
    queryKey: ['permissions', id, 'recent', agentId],
    queryFn: () => api.permissions.list.query({ agent_id: agentId, limit: 8 }),
  })
  return (
    <Reading of={readingOf(query)} bones={2} height={40}>
      {({ items }) =>
        items.length === 0 ? (
          <p className={css.note}>It has not asked for anything yet.</p>
        ) : (
          <Stack gap="sm">
            <ul className={css.asked}>
              {items.map((one) => (
                <li key={one.id}>
                  <RequestMark status={one.status} />
                  <Link to="/p/$project/requests/$request" params={{ project: id, request: one.id }}>
                    {whatOf(one)}
                  </Link>
                  <span className={css.small}>
                    <When iso={one.created_at} />
                    {one.decided_by && `, answered by ${visible(one.decided_by.name)}`}
                  </span>
                </li>
              ))}
            </ul>
            <Link to="/p/$project/requests" params={{ project: id }} search={{ agent: agentId }}>
              All its requests
            </Link>
          </Stack>
        )
      }
    </Reading>
  )
}
