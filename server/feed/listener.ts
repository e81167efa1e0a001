import type { Actor, KeyActor, PersonActor } from '../context.ts'
import { isAfter, type Place, placeText } from './place.ts'
import type { Beginning, Reading } from './reading.ts'
import { frames, type Sight, sees, sightOf } from './sight.ts'

/** Frames that wait for one client; one that takes them more slowly reads on by itself, when it has taken these. */
const mostQueued = 500

export type Wish = {
  actor: KeyActor | PersonActor
  /** Who asks, from where, for which project: all listeners of one principal are let in or shut out together. */
  principal: string
  /** Asks anew whether they may listen: the actor as it is now, or a refusal. */
  readmit: () => Promise<Actor>
  from: Place | Beginning
}

/** One connection that hears of a project's events. It holds at most `mostQueued` frames, whatever its client does. */
export type Listener = {
  readonly projectId: string
  readonly principal: string
  readonly readmit: () => Promise<Actor>
  /** When its key or session ends by itself, as far as is known; null: never. */
  endsAt: Date | null
  /** Follows its project's reading; otherwise it reads by itself, from `at`, whenever its client has taken all. */
  isLive: boolean
  at: Place
  /** Takes what was read after `at`, and is at its end afterwards. */
  take(reading: Pick<Reading, 'rows' | 'upTo'>): void
  /** A sign of life, and how far it has come without being told anything. */
  beat(): void
  /** What its rights are now. */
  see(actor: KeyActor | PersonActor): void
  /** Nothing is taken any more; what is queued and `words` still go out. */
  end(words?: string): void
  /** What waits, all at once; undefined: nothing yet. */
  drain(): string | undefined
  /** Resolves when there is something to drain, or it has ended. */
  ready(): Promise<void>
  hasEnded(): boolean
}

const endOf = (actor: KeyActor | PersonActor): Date | null =>
  actor.type === 'key' ? actor.expiresAt : actor.sessionEnds

export function makeListener({ actor, principal, readmit, from }: Wish): Listener {
  const beginning: Beginning = 'isOld' in from ? from : { at: from, isOld: () => false }
  let sight: Sight = sightOf(actor)
  // At once: a client that is cut off before it was told anything knows where it had begun.
  let queue: string[] = [`retry: 2000\nid: ${placeText(beginning.at)}\n\n`]
  let ended = false
  let wake: (() => void) | undefined

  const push = (frame: string) => {
    queue.push(frame)
    wake?.()
  }
  const listener: Listener = {
    projectId: actor.projectId,
    principal,
    readmit,
    endsAt: endOf(actor),
    isLive: false,
    at: beginning.at,
    take({ rows, upTo }) {
      for (const row of rows) {
        if (!isAfter(row, listener.at)) continue
        if (queue.length >= mostQueued) {
          listener.isLive = false
          return
        }
        listener.at = { tick: row.tick, seq: row.seq }
        if (!beginning.isOld(row.tick) && sees(sight, row)) push(frameOf(row)(sight))
      }
      if (isAfter(upTo, listener.at)) listener.at = upTo
    },
    beat() {
      if (queue.length === 0 && !ended) push(`: here\nid: ${placeText(listener.at)}\n\n`)
    },
    see(now) {
      sight = sightOf(now)
      listener.endsAt = endOf(now)
    },
    end(words) {
      if (ended) return
      ended = true
      if (words !== undefined) queue.push(words)
      wake?.()
    },
    drain() {
      if (queue.length === 0) return undefined
      const all = queue.join('')
      queue = []
      return all
    },
    ready: () =>
      new Promise((resolve) => {
        if (ended || queue.length > 0) resolve()
        else
          wake = () => {
            wake = undefined
            resolve()
          }
      }),
    hasEnded: () => ended,
  }
  return listener
}

/** The frames of a row that was read once for many. */
const known = new WeakMap<Reading['rows'][number], ReturnType<typeof frames>>()

function frameOf(row: Reading['rows'][number]): ReturnType<typeof frames> {
  const found = known.get(row) ?? frames(row)
  known.set(row, found)
  return found
}
