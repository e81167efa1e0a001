import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

type Page<Item> = { items: Item[]; next_cursor: string | null }

/** A list as a page draws it: what was read so far, and what can be done about the rest. */
export type Pages<Item> = {
  items: Item[] | undefined
  error: Error | null
  /** When it was read last, by this browser's clock, in ms. */
  readAt: number
  /** Undefined on the last page. */
  more: (() => void) | undefined
  moreUnderway: boolean
  retry: () => void
}

type Options = { enabled?: boolean; refetchInterval?: number | false; staleTime?: number }

/** Reads a list page by page with its cursor. What was shown stays while other filters are read. */
export function usePages<Item>(
  queryKey: QueryKey,
  ask: (cursor: { cursor?: string }) => Promise<Page<Item>>,
  options: Options = {},
): Pages<Item> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (last: Page<Item>) => last.next_cursor,
    placeholderData: keepPreviousData,
    ...options,
  })
  return {
    items: query.data?.pages.flatMap((page) => page.items),
    error: query.error,
    readAt: query.dataUpdatedAt,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    moreUnderway: query.isFetchingNextPage,
    retry: () => void query.refetch(),
  }
}
