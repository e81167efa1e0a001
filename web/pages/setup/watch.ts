import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../project.tsx'

/** Ms between two looks for a call of the key; that an approval was made or answered comes live as well. */
const everyMs = 1500

/** Whether a key was used, and the newest approval that it asked for. */
export function useFirstRun(keyId: string | undefined) {
  const { id, api } = useProject()
  const key = useQuery({
    queryKey: ['keys', id, keyId, 'first run'],
    queryFn: () => api.keys.get.query({ keyId: keyId ?? '' }),
    enabled: keyId !== undefined,
    refetchInterval: ({ state }) => (state.data?.last_used ? false : everyMs),
  })
  const approvals = useQuery({
    queryKey: ['approvals', id, 'first run', keyId],
    queryFn: () => api.approvals.list.query({ limit: 10 }),
    enabled: keyId !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.created_by.id === keyId && one.status === 'executed') ? false : everyMs,
  })
  const mine = approvals.data?.items.filter((one) => one.created_by.id === keyId) ?? []
  const approval = mine.find((one) => one.status === 'executed') ?? mine[0]
  return { called: Boolean(key.data?.last_used) || approval !== undefined, approval }
}
