import { useQuery } from '@tanstack/react-query'
import type { Answers } from '../../api.ts'

export type Made = Answers['demo']['create']

/** What is known of the demo's value: not set yet, set, or no longer readable because the demo's time is up. */
export type Watched = { state: 'waiting' | 'over' } | { state: 'set'; value: string }

/** Reads the value as any script would: over REST, with the demo's own key, waiting for it to be set. */
async function read(made: Made, signal: AbortSignal): Promise<Watched> {
  const reply = await fetch(`/v1/key/${made.key_path}?wait=25`, {
    headers: { authorization: `Bearer ${made.api_key}`, accept: 'text/plain' },
    signal,
  })
  if (reply.ok) return { state: 'set', value: await reply.text() }
  if (reply.status === 404) return { state: 'waiting' }
  if (reply.status === 401) return { state: 'over' }
  throw new Error(`The value could not be read (${reply.status}).`)
}

/** Watches the demo's value until it is set or the demo is over. */
export function useWatched(made: Made | undefined) {
  return useQuery<Watched>({
    queryKey: ['demo', made?.approval_id],
    queryFn: ({ signal }) => (made ? read(made, signal) : { state: 'waiting' }),
    enabled: made !== undefined,
    refetchIntervalInBackground: true,
    refetchInterval: ({ state: { data, error, fetchStatus } }) => {
      if (fetchStatus === 'fetching' || (data && data.state !== 'waiting')) return false
      return error ? 3000 : 500
    },
  })
}
