import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import { useProject } from '../../project.tsx'

/** The agent that a policy is about, with a way to its page. */
export function AgentName({ agentId }: { agentId: string }) {
  const { id, api } = useProject()
  const { data } = useQuery({
    queryKey: ['agents', id, 'one', agentId],
    queryFn: () => api.agents.get.query({ agentId }),
  })
  return (
    <Link to="/p/$project/agents/$agent" params={{ project: id, agent: agentId }}>
      {data ? visible(data.name) : 'one agent'}
    </Link>
  )
}
