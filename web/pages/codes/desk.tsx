import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useOffset } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import type { Board } from './board.ts'
import { type Feed, openFeed } from './feed.ts'
import { openClock, type ServerClock } from './server-clock.ts'
import type { Shown } from './shown.ts'

type Desk = { clock: ServerClock; feed: Feed }

const Here = createContext<Desk | undefined>(undefined)

/** The clock and the codes of this page; they live as long as it does. */
export function CodesDesk({ board, children }: { board: Board; children: ReactNode }) {
  const { id, api } = useProject()
  const client = useQueryClient()
  const offset = useOffset()
  const [desk] = useState<Desk>(() => {
    const clock = openClock(offset)
    const left = (accountId: string, codes: number) =>
      client.setQueryData<Board>(['accounts', id, 'board'], (before) => before && withLeft(before, accountId, codes))
    const ask = async (ids: string[], signal: AbortSignal) =>
      (await api.accounts.codes.query({ ids: ids.join(',') }, { signal })).items
    const lost = () => void client.invalidateQueries({ queryKey: ['accounts', id] })
    return { clock, feed: openFeed({ clock, ask, left, lost }) }
  })
  useEffect(() => desk.clock.set(offset), [desk, offset])
  useEffect(() => desk.feed.take(board), [desk, board])
  useEffect(() => attend(desk), [desk])
  return <Here.Provider value={desk}>{children}</Here.Provider>
}

/** Keeps the feed to its clock, to the tab and to the network. */
function attend({ clock, feed }: Desk): () => void {
  const quiet = clock.hear(feed.beat)
  const turned = () => feed.leave(document.visibilityState === 'hidden')
  const gone = () => feed.leave(true)
  document.addEventListener('visibilitychange', turned)
  addEventListener('pagehide', gone)
  addEventListener('pageshow', turned)
  addEventListener('offline', feed.offline)
  addEventListener('online', feed.beat)
  return () => {
    quiet()
    feed.close()
    document.removeEventListener('visibilitychange', turned)
    removeEventListener('pagehide', gone)
    removeEventListener('pageshow', turned)
    removeEventListener('offline', feed.offline)
    removeEventListener('online', feed.beat)
  }
}

const withLeft = (board: Board, id: string, left: number): Board => ({
  ...board,
  items: board.items.map((one) =>
    one.id === id && one.access.codes
      ? { ...one, access: { ...one.access, codes: { ...one.access.codes, left } } }
      : one,
  ),
})

export function useDesk(): Desk {
  const desk = useContext(Here)
  if (!desk) throw new Error('There are no codes around this part.')
  return desk
}

/** What stands in the place of an account's code. */
export function useShown(id: string): Shown | undefined {
  const { feed } = useDesk()
  const hear = useMemo(() => (hearer: () => void) => feed.hear(id, hearer), [feed, id])
  return useSyncExternalStore(hear, () => feed.of(id))
}

/** Whole seconds until an instant of the server's (ms); drawn anew at each of its seconds. */
export function useSecondsUntil(instant: number): number {
  const { clock } = useDesk()
  return useSyncExternalStore(clock.hear, () => Math.max(0, Math.ceil((instant - clock.now()) / 1000)))
}

export function useDrift(): number {
  const { clock } = useDesk()
  return useSyncExternalStore(clock.hear, clock.drift)
}
