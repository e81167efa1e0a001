import { QueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../server/rpc/router.ts'
import { earlyFetch } from './parts/early.ts'

/** Nothing is sent twice by itself: reads say when to come back, decisions are recovered by reading their outcome. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', staleTime: Number.POSITIVE_INFINITY },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** One request per call: a read that waits must not hold up another in its batch. */
export const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/trpc', fetch: earlyFetch })] })

export type Answers = inferRouterOutputs<AppRouter>
