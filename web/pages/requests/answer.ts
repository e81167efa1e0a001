import { useQueryClient } from '@tanstack/react-query'
import { useChange } from '../../change.ts'
import { faultOf } from '../../parts/fault.ts'
import { useProject } from '../../project.tsx'

/** An answer to a permission request; `scope` and `standing_seconds` only with a yes. */
export type Answer = {
  action: 'approve' | 'deny'
  comment?: string
  scope?: Record<string, unknown>
  standing_seconds?: number
}

type Asked = { id: string; action_hash: string }

/** Why an answer came too late: what is stored then says how it ended, better than an error does. */
const late = /^(APPROVAL_USED|APPROVAL_EXPIRED|APPROVAL_INVALIDATED|LOCKED)$/

/** Answers a request as the person who is signed in, bound to what was shown. `lost`: somebody or the clock was first. */
export function useAnswer({ id: requestId, action_hash }: Asked, { lost, here }: { lost?: () => void; here: boolean }) {
  const { id, api } = useProject()
  const client = useQueryClient()
  return useChange({
    run: async (answer: Answer) => {
      try {
        return await api.approvals.decide.mutate({ approval_id: requestId, action_hash, ...answer })
      } catch (thrown) {
        if (late.test(faultOf(thrown).code)) lost?.()
        throw thrown
      } finally {
        // Whatever was answered, or lost on the way: what is stored says what became of it.
        for (const family of ['permissions', 'inbox', 'approvals'])
          void client.invalidateQueries({ queryKey: [family, id] })
      }
    },
    stale: [
      ['policies', id],
      ['agents', id],
    ],
    says: (_, { action }) => (action === 'approve' ? 'Approved; the agent is told.' : 'Denied; the agent is told.'),
    here,
  })
}
