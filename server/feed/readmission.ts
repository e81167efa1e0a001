import { Refusal } from '../../shared/errors.ts'
import type { Listener } from './listener.ts'

/** Several changes at once are one reason to ask, this many ms later; so many are asked about at a time. */
const [gatherMs, atATime] = [50, 8]

/** Everybody is asked about this often, in seconds, whether or not anything was heard. */
const roundSeconds = 30

/** Whether those who listen may go on: asked anew for each principal, whatever the number of their connections. */
export function readmission() {
  const principals = new Map<string, Set<Listener>>()
  const due = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let asking = false
  let rounds = 0

  async function ask(principal: string): Promise<void> {
    const listeners = principals.get(principal)
    const [first] = listeners ?? []
    if (!listeners || !first) return
    try {
      const actor = await first.readmit()
      if (actor.type === 'key' || (actor.type === 'person' && 'projectId' in actor))
        for (const listener of listeners) listener.see(actor)
    } catch (thrown) {
      // Whatever else it is, such as a database that is away, says nothing about rights.
      if (thrown instanceof Refusal && thrown.code !== 'UNAVAILABLE') for (const one of listeners) one.end()
    }
  }
  async function askNow(): Promise<void> {
    if (asking) return
    asking = true
    while (due.size > 0) {
      const some = [...due].slice(0, atATime)
      for (const principal of some) due.delete(principal)
      await Promise.all(some.map(ask))
    }
    asking = false
  }
  const soon = () => {
    if (gathering !== undefined) return
    gathering = setTimeout(() => {
      gathering = undefined
      void askNow()
    }, gatherMs)
  }
  return {
    add(listener: Listener) {
      const listeners = principals.get(listener.principal) ?? new Set()
      principals.set(listener.principal, listeners.add(listener))
    },
    remove(listener: Listener) {
      const listeners = principals.get(listener.principal)
      listeners?.delete(listener)
      if (listeners?.size === 0) principals.delete(listener.principal)
    },
    /** Something has changed that rights may hang on. */
    askAll() {
      for (const principal of principals.keys()) due.add(principal)
      if (due.size > 0) soon()
    },
    /** Each second: asks about whom it is time to ask, and whose key or session has come to its end. */
    askDue(now: Date) {
      rounds = (rounds + 1) % roundSeconds
      let place = 0
      for (const [principal, listeners] of principals) {
        const [first] = listeners
        const isOver = first?.endsAt !== null && first !== undefined && first.endsAt <= now
        if (place++ % roundSeconds === rounds || isOver) due.add(principal)
      }
      if (due.size > 0) soon()
    },
  }
}
