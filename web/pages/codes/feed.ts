import { faultOf } from '../../parts/fault.ts'
import type { Board, Shared } from './board.ts'
import type { ServerClock } from './server-clock.ts'
import { type Item, leftOf, type Shown, shownBy } from './shown.ts'

/** Most ids in one request, as the contract says; zod does not come along to the browser for it. */
const mostCodes = 200
/** Ms that rows may come into view before they are asked for together, and that a request may take. */
const gathered = 150
const deadline = 10_000
/** Ms between tries after a failure, and until a code that somebody uncovered is covered again. */
const pace = 5000
const uncoveredFor = 60_000

type Options = {
  clock: ServerClock
  ask: (ids: string[], signal: AbortSignal) => Promise<Item[]>
  /** Of access by count so many are left now. */
  left: (id: string, codes: number) => void
  /** An account is not there any more, or not for whoever asks. */
  lost: () => void
}

export type Feed = ReturnType<typeof openFeed>

/**
 * The codes on show. One request for each period, with the rows that are uncovered and on screen: rows whose codes end at the
 * same second are asked for together, and what nobody sees is not asked for. Codes by count come only when somebody asks.
 */
export function openFeed({ clock, ask, left, lost }: Options) {
  const shown = new Map<string, Shown>()
  const hearers = new Map<string, Set<() => void>>()
  const inView = new Set<string>()
  const uncovered = new Map<string, number>()
  const underway = new Map<string, object>()
  let accounts = new Map<string, Shared>()
  let hidden = true
  let away = document.visibilityState === 'hidden'
  let gathering: ReturnType<typeof setTimeout> | undefined

  const put = (id: string, next: Shown | undefined) => {
    if (shown.get(id) === next) return
    if (next) shown.set(id, next)
    else shown.delete(id)
    for (const hear of hearers.get(id) ?? []) hear()
  }
  const forget = (id: string) => {
    underway.delete(id)
    uncovered.delete(id)
    put(id, undefined)
  }
  const wanted = (id: string) => {
    const account = accounts.get(id)
    return account?.access.codes === null && inView.has(id) && (!hidden || uncovered.has(id))
  }
  const lacks = (id: string) => {
    const now = shown.get(id)
    if (underway.has(id)) return false
    if (now?.kind === 'live') return now.due || now.unseen
    return now?.kind !== 'failed' || now.again <= clock.now()
  }

  async function request(ids: readonly string[], unseen = false): Promise<void> {
    const turn = {}
    for (const id of ids) {
      underway.set(id, turn)
      if (!shown.has(id)) put(id, { kind: 'asking' })
    }
    // What was forgotten meanwhile is not brought back by a late answer.
    const mine = (id: string) => underway.get(id) === turn && underway.delete(id)
    const began = performance.now()
    try {
      const items = await ask([...ids], AbortSignal.timeout(deadline))
      for (const item of items) {
        const account = accounts.get(item.id)
        if (!account || !mine(item.id)) continue
        if (item.expires_at !== undefined && item.seconds_remaining !== undefined) {
          const least = Date.parse(item.expires_at) - item.seconds_remaining * 1000
          clock.within(least, least + 1000 + (performance.now() - began))
        }
        if (item.error_code === 'NOT_FOUND') lost()
        if (item.codes_left !== undefined) left(item.id, item.codes_left)
        put(item.id, shownBy(item, account, clock.now(), unseen))
      }
    } catch (thrown) {
      const { message, retryAfter = 0 } = faultOf(thrown)
      const why = navigator.onLine ? message : 'You are offline.'
      for (const id of ids)
        if (mine(id)) put(id, { kind: 'failed', why, again: clock.now() + Math.max(pace, retryAfter * 1000) })
    }
  }

  const askWanted = () => {
    gathering = undefined
    if (away || !navigator.onLine) return
    const ids = [...inView].filter((id) => wanted(id) && lacks(id))
    for (let at = 0; at < ids.length; at += mostCodes) void request(ids.slice(at, at + mostCodes))
  }
  const gather = () => {
    gathering ??= setTimeout(askWanted, gathered)
  }
  const beat = () => {
    const now = clock.now()
    for (const [id, until] of uncovered) if (until <= now) forget(id)
    for (const [id, one] of shown) {
      const account = accounts.get(id)
      const next = account && leftOf(one, account, now)
      // Off screen nobody asks whether the next code still counts.
      put(id, next?.kind === 'live' && next.due && !wanted(id) ? undefined : next)
    }
    askWanted()
  }
  /** Nothing is left on show; codes by count stay until they end, since the same is not given twice. */
  const drop = () => {
    for (const id of new Set([...shown.keys(), ...underway.keys(), ...uncovered.keys()])) {
      const one = shown.get(id)
      if (accounts.get(id)?.access.codes === null || one?.kind !== 'live') forget(id)
      else if (hidden) put(id, { ...one, unseen: true })
    }
  }

  return {
    of: (id: string) => shown.get(id),
    hear: (id: string, hearer: () => void) => {
      const all = hearers.get(id) ?? new Set()
      hearers.set(id, all.add(hearer))
      return () => void all.delete(hearer)
    },
    beat,
    /** Takes the accounts as they are now: codes of one that changed or is gone are forgotten. */
    take: (board: Board) => {
      const before = accounts
      accounts = new Map(board.items.map((one) => [one.id, one]))
      for (const [id, { updated_at }] of before) if (accounts.get(id)?.updated_at !== updated_at) forget(id)
      if (board.hidden && !hidden) drop()
      hidden = board.hidden
      gather()
    },
    view: (id: string, seen: boolean) => {
      if (!seen) return void inView.delete(id)
      inView.add(id)
      if (wanted(id)) gather()
    },
    /** Shows a code for a while, also one that was taken unseen. */
    uncover: (id: string) => {
      const now = shown.get(id)
      if (now?.kind === 'live' && now.unseen) put(id, { ...now, unseen: false })
      if (accounts.get(id)?.access.codes !== null) return
      uncovered.set(id, clock.now() + uncoveredFor)
      if (lacks(id)) void request([id])
    },
    cover: forget,
    /** Asks for one now: by count, or to take it away. Answers what stands there then. */
    get: async (id: string, unseen = false) => {
      if (shown.get(id)?.kind !== 'live') {
        put(id, undefined)
        await request([id], unseen)
      }
      return shown.get(id)
    },
    /** Asks again for all that failed. */
    again: () => {
      const failed = [...shown].flatMap(([id, { kind }]) => (kind === 'failed' && wanted(id) ? [id] : []))
      for (const id of failed) put(id, undefined)
      if (failed.length > 0) void request(failed.slice(0, mostCodes))
    },
    /** The tab was hidden or shown again. */
    leave: (gone: boolean) => {
      away = gone
      if (gone) drop()
      else beat()
    },
    /** The network went: nobody knows whether a code still counts. */
    offline: () => {
      for (const [id, one] of shown)
        if (one.kind === 'live' && accounts.get(id)?.access.codes === null)
          put(id, { kind: 'failed', why: 'You are offline.', again: 0 })
    },
    close: () => clearTimeout(gathering),
  }
}
