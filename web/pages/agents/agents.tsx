import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { AgentsFrame } from './frame.tsx'
import { AgentList } from './list.tsx'

const route = getRouteApi('/p/$project/agents')
const Policies = lazy(() => import('../policies/policies.tsx').then((file) => ({ default: file.Policies })))

/** Programs that ask before they act, and the rules that answer them in place of a person. */
export function Agents() {
  const { tab = 'agents' } = route.useSearch()
  return (
    <AgentsFrame tab={tab}>
      {tab === 'policies' ? (
        <Suspense fallback={null}>
          <Policies />
        </Suspense>
      ) : (
        <AgentList />
      )}
    </AgentsFrame>
  )
}
