import { QueryClient, queryOptions } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { AppRouter } from '../server/rpc/router.ts'
import { faultOf } from './parts/fault.ts'

/** The dashboard's calls: tRPC with the session's cookie, each in the name of one project. */

const clientFor = (project: string | undefined) =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: '/trpc',
        // As many as the server takes in one request.
        maxItems: 10,
        headers: project === undefined ? {} : { 'x-countersign-project': project },
      }),
    ],
  })

const clients = new Map<string | undefined, ReturnType<typeof clientFor>>()

/** The client that calls in a project, or without one (who am I, sign-in). */
export function clientOf(project?: string): ReturnType<typeof clientFor> {
  const made = clients.get(project) ?? clientFor(project)
  clients.set(project, made)
  return made
}

export type Api = ReturnType<typeof clientOf>

const final = /^(SIGNED_OUT|SIGN_IN_AGAIN|INSUFFICIENT_ROLE|NOT_FOUND|INVALID_INPUT)$/

/** Reads are tried three times unless the answer is a no; changes once. */
export const calls = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (tries, error) => tries < 2 && !final.test(faultOf(error).code),
    },
    mutations: { retry: false },
  },
})

/** Who is signed in. */
export const whoAmI = queryOptions({ queryKey: ['me'], queryFn: () => clientOf().me.get.query({}), staleTime: 30_000 })

/** What can be known before anybody has signed in. */
export const instanceState = queryOptions({
  queryKey: ['setup'],
  queryFn: () => clientOf().setup.state.query({}),
  staleTime: 30_000,
})
