import { Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import { useNow } from '../../parts/now.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Reading } from '../../ui/reading.tsx'
import { sorted, useAll } from '../policies/all.ts'
import { PolicyMarks } from '../policies/marks.tsx'
import { Matchers } from '../policies/matchers.tsx'
import { StandingList } from '../policies/standing.tsx'
import css from './agents.module.css'

/** The standing yeses and policies that can answer an agent, its own and those of any agent, in the order asked. */
export function RulesOf({ agentId }: { agentId: string }) {
  const { id } = useProject()
  const query = useAll()
  const now = useNow(5000)
  return (
    <Reading of={readingOf(query)} bones={1} height={40}>
      {(all) => {
        const { standing, written } = sorted(all, now)
        const own = standing.filter((one) => one.agent_id === agentId)
        const about = written.filter((one) => one.agent_id === null || one.agent_id === agentId)
        return (
          <Stack gap="md">
            {own.length > 0 && <StandingList of={own} />}
            {about.length > 0 && (
              <ol className={css.rules}>
                {about.map((one) => (
                  <li key={one.id}>
                    <Link to="/p/$project/agents/policies/$policy" params={{ project: id, policy: one.id }}>
                      {visible(one.name)}
                    </Link>
                    <PolicyMarks of={one} />
                    <Matchers of={one.matchers} />
                    {one.agent_id === null && <p className={css.small}>For any agent.</p>}
                  </li>
                ))}
              </ol>
            )}
            {own.length + about.length === 0 && (
              <p className={css.note}>None. A person is asked about everything that it asks.</p>
            )}
            <Link to="/p/$project/agents" params={{ project: id }} search={{ tab: 'policies' }}>
              All policies, in their order
            </Link>
          </Stack>
        )
      }}
    </Reading>
  )
}
