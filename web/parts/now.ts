import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { whoAmI } from '../call.ts'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One timer for everything on the page that shows time. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The server's clock minus this browser's in ms, as the last answer to "who am I" told it. */
export function useOffset(): number {
  const state = useQueryClient().getQueryState(whoAmI.queryKey)
  return state?.data ? Date.parse(state.data.server_time) - state.dataUpdatedAt : 0
}

/** The server's time in ms, in whole steps: what asks with a longer step is drawn less often. */
export function useNow(step = 1000): number {
  const offset = useOffset()
  return useSyncExternalStore(subscribe, () => Math.floor((Date.now() + offset) / step) * step)
}
