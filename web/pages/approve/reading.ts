import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type Answers, client } from '../../api.ts'
import { arrival } from '../../parts/early.ts'
import { type Fault, faultOf } from '../../parts/fault.ts'

export type Opened = Answers['approvals']['open']

/** What the server last said. `offset`: its clock minus ours, in ms; `readAt`: when we heard it, by our clock. */
export type Seen = { approval: Opened; offset: number; readAt: number; early: boolean }

/** Seconds that one read waits for news. */
const patience = 25
/** Ms between reads: after a full wait, after one that came back early with no news, and after a failure. */
const pace = { full: 200, early: 5000, failed: 3000 }
/** A line that went dead with the phone asleep is given up after this many ms. */
const deadline = (patience + 10) * 1000

export const readingKey = (token: string) => ['approvals.open', token] as const

/** Reads once; with `wait` the reply comes with the first change. Throws a Fault. */
export async function look(token: string, wait?: number, signal?: AbortSignal): Promise<Seen> {
  const asked = Date.now()
  const controller = new AbortController()
  const abort = () => controller.abort()
  signal?.addEventListener('abort', abort)
  const timer = setTimeout(abort, deadline)
  try {
    const input = wait === undefined ? { token } : { token, wait }
    const approval = await client.approvals.open.query(input, { signal: controller.signal })
    const readAt = arrival()
    const offset = Date.parse(approval.server_time) - readAt
    return { approval, offset, readAt, early: wait !== undefined && readAt - asked < 1000 }
  } catch (error) {
    throw faultOf(error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** The first CSRF token stays: it carries when the page was loaded, which is evidence of a reader who took time. */
export const keptCsrf = (seen: Seen, before: Seen): Seen => ({
  ...seen,
  approval: { ...seen.approval, csrf_token: before.approval.csrf_token },
})

/** The approval, live: a read that waits follows the first one until the approval is no longer pending. */
export function useReading(token: string) {
  const queries = useQueryClient()
  const queryKey = readingKey(token)
  const last = () => queries.getQueryData<Seen>(queryKey)
  return useQuery<Seen, Fault>({
    queryKey,
    queryFn: async ({ signal }) => {
      const before = last()
      const seen = await look(token, before?.approval.status === 'pending' ? patience : undefined, signal)
      return before ? keptCsrf(seen, before) : seen
    },
    refetchOnWindowFocus: false,
    refetchIntervalInBackground: true,
    refetchInterval: ({ state: { data, error, fetchStatus } }) => {
      if (fetchStatus === 'fetching') return false
      if (error) return isFinal(error) ? false : Math.max(pace.failed, (error.retryAfter ?? 0) * 1000)
      if (data?.approval.status !== 'pending') return false
      return data.early ? pace.early : pace.full
    },
  })
}

/** There is nothing to come back for: the link leads nowhere. */
export const isFinal = (fault: Fault): boolean => fault.code === 'NOT_FOUND' || fault.code === 'INVALID_INPUT'
