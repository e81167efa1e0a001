import type { UseQueryResult } from '@tanstack/react-query'

/** A query as `ui/reading.tsx` draws it. */
export const readingOf = <Data>(query: UseQueryResult<Data>) => ({
  data: query.data,
  error: query.error,
  readAt: query.dataUpdatedAt,
  retry: () => void query.refetch(),
})
