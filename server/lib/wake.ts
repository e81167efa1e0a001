import { withDeadline } from './deadline.ts'
import type { Sql } from './driver/connect.ts'

/** Wakes whoever waits for a topic, on whichever node the change was made. All state stays in Postgres: a wake means "read again". */
export type Wake = {
  /** Starts to wait, before the read it guards. `changed` is false after `ms`, on `signal`, or at shutdown. */
  next(topic: string, ms: number, signal: AbortSignal): { changed: Promise<boolean>; cancel(): void }
  /** Calls `hear` for each change of any topic, and with `undefined` when changes may have been missed. */
  onChange(hear: (topic: string | undefined) => void): void
  /** False while the LISTEN connection is down: caches must not be trusted then. */
  isListening(): boolean
  /** How many are waiting. */
  waiting(): number
  /** Lets every waiter go at once, and each later one too. */
  release(): void
  close(): Promise<void>
}

/** Opens a one-connection client; called again whenever the connection must be made anew. */
export type Connect = (hooks: { onnotify: (channel: string, payload: string) => void; onclose: () => void }) => Sql

const retryMs = 200
const heartbeatMs = 10_000

/** Keeps `listen channel` alive: reconnects for ever, and notices a connection that died without a word by a heartbeat. */
function keepListening(
  connect: Connect,
  channel: string,
  hear: (payload: string) => void,
  onUp: () => void,
  onDown: () => void,
) {
  let client: Sql | undefined
  let ended = false
  let up = false
  let timer: NodeJS.Timeout | undefined

  const later = (ms: number) => {
    clearTimeout(timer)
    if (!ended) timer = setTimeout(beat, ms)
  }
  const drop = () => {
    if (up) onDown()
    up = false
    const dead = client
    client = undefined
    dead?.end({ timeout: 0 }).catch(() => undefined)
    later(retryMs)
  }
  const open = (): Sql => {
    const opened: Sql = connect({
      onnotify: (_, payload) => hear(payload),
      onclose: () => opened === client && up && drop(),
    })
    return opened
  }
  const beat = async () => {
    client ??= open()
    const mine = client
    try {
      const ask = up ? mine`select 1` : mine.unsafe(`listen "${channel}"`)
      await withDeadline(5000, () => ask)
      if (mine !== client || ended) return
      if (!up) {
        up = true
        onUp()
      }
      later(heartbeatMs)
    } catch {
      if (mine === client && !ended) drop()
    }
  }
  return {
    start: beat,
    async close() {
      ended = true
      clearTimeout(timer)
      await client?.end({ timeout: 1 })
    },
  }
}

/** Listens on `channel` with a connection of its own; whenever it comes (back) up, every waiter reads again. */
export async function openWake(connect: Connect, channel: string): Promise<Wake> {
  const waiters = new Map<string, Set<(changed: boolean) => void>>()
  const hearers: ((topic: string | undefined) => void)[] = []
  let count = 0
  let listening = false
  let released = false

  const wakeTopic = (topic: string) => {
    for (const wake of [...(waiters.get(topic) ?? [])]) wake(true)
    for (const hear of hearers) hear(topic)
  }
  const wakeAll = (changed: boolean) => {
    for (const set of [...waiters.values()]) for (const wake of [...set]) wake(changed)
    for (const hear of hearers) hear(undefined)
  }

  const subscription = keepListening(
    connect,
    channel,
    wakeTopic,
    () => {
      listening = true
      wakeAll(true)
    },
    () => {
      listening = false
      wakeAll(true)
    },
  )
  await subscription.start()

  return {
    next(topic, ms, signal) {
      if (released || signal.aborted || ms <= 0) return { changed: Promise.resolve(false), cancel: () => undefined }
      let finish = (_changed: boolean) => {}
      const changed = new Promise<boolean>((resolve) => {
        const set = waiters.get(topic) ?? new Set()
        finish = (changed) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
          if (set.delete(finish)) count--
          if (set.size === 0 && waiters.get(topic) === set) waiters.delete(topic)
          resolve(changed)
        }
        const leave = () => finish(false)
        const timer = setTimeout(leave, ms)
        signal.addEventListener('abort', leave)
        set.add(finish)
        count++
        waiters.set(topic, set)
      })
      return { changed, cancel: () => finish(false) }
    },
    onChange: (hear) => void hearers.push(hear),
    isListening: () => listening,
    waiting: () => count,
    release() {
      released = true
      wakeAll(false)
    },
    async close() {
      released = true
      wakeAll(false)
      await subscription.close()
    },
  }
}
