import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { look, readingKey } from './reading.ts'

/** When our countdown is over, asks the server each second until it agrees; only its clock ends an approval. */
export function useExpiry(token: string, over: boolean): boolean {
  const queries = useQueryClient()
  useEffect(() => {
    if (!over) return
    const ask = async () => {
      const seen = await look(token)
      if (seen.approval.status === 'pending') return
      await queries.cancelQueries({ queryKey: readingKey(token) })
      queries.setQueryData(readingKey(token), seen)
    }
    // A failed look is followed by the next one, and by the page's own reading.
    const timer = setInterval(() => void ask().catch(() => undefined), 1000)
    return () => clearInterval(timer)
  }, [token, over, queries])
  return over
}
