import { createTRPCClient, httpLink } from '@trpc/client'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../server/rpc/router.ts'
import { earlyFetch } from './parts/early.ts'

/** One request per call: a read that waits must not hold up another in its batch. */
export const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/trpc', fetch: earlyFetch })] })

export type Answers = inferRouterOutputs<AppRouter>
