import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { draw } from './draw.tsx'

/** Nothing is sent twice by itself: reads say when to come back, decisions are recovered by reading their outcome. */
const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', staleTime: Number.POSITIVE_INFINITY },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Draws a page into `#root`, with its queries. `plain`: its address has a version without scripts, at `?plain`. */
export const mount = (page: ReactNode, options: { plain?: boolean } = {}): void =>
  draw(<QueryClientProvider client={queryClient}>{page}</QueryClientProvider>, options)
