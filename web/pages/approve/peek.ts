import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { look, readingKey } from './reading.ts'

/** Asks at once, beside the read that waits; an end that is found takes that read's place. */
function usePeek(token: string): () => void {
  const queries = useQueryClient()
  return useCallback(() => {
    const peek = async () => {
      const seen = await look(token)
      if (seen.approval.status === 'pending') return
      await queries.cancelQueries({ queryKey: readingKey(token) })
      queries.setQueryData(readingKey(token), seen)
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

/** A phone that slept may hold a dead line: whoever comes back to the page sees at once what became of it. */
export function useComeback(token: string): void {
  const peek = usePeek(token)
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && peek()
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [peek])
}
