import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../world.ts'
import type { Listener } from './listener.ts'
import { isAfter, type Place } from './place.ts'
import { readAfter } from './reading.ts'

/** Rows of one reading. */
const most = 500

/** A storm of events is read in steps of this many ms, not once for each. */
const stepMs = 10

/** What a node reads of one project, once for all who hear it. */
export type Channel = {
  readonly projectId: string
  readonly listeners: Set<Listener>
  at: Place
  /** Something has committed that cannot be told yet. */
  held: boolean
  /** Reads what is new, now or as soon as the reading under way is over. */
  nudge(): void
}

export function openChannel(world: World, projectId: string, at: Place): Channel {
  let reading = false
  let again = false

  const step = async (): Promise<boolean> => {
    const found = await readAfter(world.db.sql, projectId, channel.at, most)
    channel.at = found.upTo
    channel.held = found.held
    for (const listener of channel.listeners) if (listener.isLive) listener.take(found)
    return found.more
  }
  const run = async () => {
    reading = true
    try {
      do {
        again = false
        if (await step()) again = true
        else await sleep(stepMs)
      } while (again && channel.listeners.size > 0)
    } catch {
      // The database is away; the node asks again every second.
    } finally {
      reading = false
    }
  }
  const channel: Channel = {
    projectId,
    listeners: new Set(),
    at,
    held: false,
    nudge() {
      again = true
      if (!reading) void run()
    },
  }
  return channel
}

/** Lets a listener read by itself, after the place it is at, until it has come to where its project's reading is. */
export async function catchUp(world: World, channel: Channel, listener: Listener): Promise<void> {
  const found = await readAfter(world.db.sql, listener.projectId, listener.at, most)
  listener.take(found)
  // Nobody hears what lies between: the project's reading may begin where this one is.
  if (isAfter(listener.at, channel.at) && ![...channel.listeners].some((one) => one.isLive)) channel.at = listener.at
  listener.isLive = !found.more && !isAfter(found.upTo, listener.at) && !isAfter(channel.at, listener.at)
}
