import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import type { Fault } from '../../parts/fault.ts'
import { keptCsrf, look, type Opened, readingKey, type Seen } from './reading.ts'

/** What changes what is shown of a request that waits: who looks, and who has agreed. */
const viewer = ({ key_path, signed_in_as, progress }: Opened): string =>
  JSON.stringify([key_path, signed_in_as, progress])

/** Asks at once, beside the read that waits; an end, or another person, that is found takes that read's place. */
function usePeek(token: string): () => void {
  const queries = useQueryClient()
  return useCallback(() => {
    const peek = async () => {
      const seen = await look(token)
      const before = queries.getQueryData<Seen>(readingKey(token))
      const pending = seen.approval.status === 'pending'
      if (pending && (!before || viewer(before.approval) === viewer(seen.approval))) return
      await queries.cancelQueries({ queryKey: readingKey(token) })
      queries.setQueryData(readingKey(token), before && pending ? keptCsrf(seen, before) : seen)
    }
    // A failed look is followed by the page's own reading, which tells of a lost connection.
    peek().catch(() => undefined)
  }, [token, queries])
}

/** When our countdown is over, asks the server each second until it agrees; only its clock ends an approval. */
export function useExpiry(token: string, over: boolean): void {
  const peek = usePeek(token)
  useEffect(() => {
    if (!over) return
    const timer = setInterval(peek, 1000)
    return () => clearInterval(timer)
  }, [over, peek])
}

/**
 * A phone that slept may hold a dead line, and somebody may have signed in elsewhere: whoever comes back to the page sees at
 * once what became of it. So does who was refused because they are not, or no longer, whom the page took them for.
 */
export function useComeback(token: string, refused: Fault | null): void {
  const peek = usePeek(token)
  useEffect(() => {
    if (refused?.code === 'SIGN_IN_TO_DECIDE' || refused?.code === 'NOT_AN_APPROVER') peek()
  }, [peek, refused])
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && peek()
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [peek])
}
