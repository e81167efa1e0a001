import { useQuery } from '@tanstack/react-query'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { wordsOf } from '../../parts/event-words.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import css from './drawer.module.css'

/** Which button was pressed, where a row tells of that. */
function chosenIn({ action, context }: Answers['approvals']['timeline'][number]): string {
  if (action !== 'approval.executed' || typeof context.action !== 'string') return ''
  return ` (${context.action}${context.narrowed === true ? ', to less' : ''})`
}

/** What happened to an approval, oldest first. */
export function Timeline({ approvalId }: { approvalId: string }) {
  const { id, api } = useProject()
  const query = useQuery({
    queryKey: ['approvals', id, 'timeline', approvalId],
    queryFn: () => api.approvals.timeline.query({ approval_id: approvalId }),
  })
  return (
    <Reading of={readingOf(query)} bones={2} height={36}>
      {(rows) => (
        <ol className={css.timeline}>
          {rows.map((row) => (
            <li key={row.id}>
              <strong>{wordsOf(row.action)}</strong>
              {chosenIn(row)} by {visible(row.actor.name)}, <When iso={row.at} />
              {(row.ip || row.user_agent) && (
                <div className={css.small}>
                  {[row.ip, row.user_agent && visible(row.user_agent)].filter(Boolean).join(' · ')}
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </Reading>
  )
}
