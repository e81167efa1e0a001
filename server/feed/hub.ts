import { randomInt } from 'node:crypto'
import { perWorld, type World } from '../world.ts'
import { type Channel, catchUp, openChannel } from './channel.ts'
import { type Listener, makeListener, type Wish } from './listener.ts'
import { readStirred } from './reading.ts'
import { readmission } from './readmission.ts'

/** A sign of life goes to each client in this many seconds, so that proxies do not close the line. */
const beatSeconds = 15

/** Ms until what an older transaction held back is looked for again. */
const heldMs = 50

/** All who listen on this node. Nothing runs while nobody does. */
const hub = perWorld((world) => {
  const channels = new Map<string, Channel>()
  const slots: Set<Listener>[] = Array.from({ length: beatSeconds }, () => new Set())
  const rights = readmission()
  let [second, joined] = [0, 0]
  let ticker: NodeJS.Timeout | undefined
  let holding: NodeJS.Timeout | undefined

  const each = (act: (channel: Channel) => void) => {
    for (const channel of [...channels.values()]) act(channel)
  }
  const lookForHeld = () => {
    if (holding !== undefined || ![...channels.values()].some((one) => one.held)) return
    holding = setTimeout(() => {
      holding = undefined
      each((channel) => channel.held && channel.nudge())
      lookForHeld()
    }, heldMs)
  }
  /** Each second: signs of life, what no notification told of, and what ended by itself. */
  const tick = () => {
    second = (second + 1) % beatSeconds
    for (const listener of slots[second] ?? []) listener.beat()
    const asked = [...channels.values()].map(({ projectId, at }) => ({ projectId, at }))
    readStirred(world.db.sql, asked)
      .then((stirred) => stirred.forEach((projectId) => void channels.get(projectId)?.nudge()))
      .catch(() => undefined)
    lookForHeld()
    if (!world.wake.isListening()) rights.askAll()
    else rights.askDue(world.clock.now())
  }
  const close = () =>
    each((channel) => {
      // Not all at the same moment: they come back to another node.
      for (const listener of channel.listeners) listener.end(`retry: ${randomInt(500, 3000)}\n\n`)
    })

  world.wake.onChange((topic) => {
    if (world.isClosing()) return close()
    if (topic?.startsWith('events ')) {
      channels.get(topic.slice(7))?.nudge()
      setImmediate(lookForHeld)
      return
    }
    if (topic === undefined) each((channel) => channel.nudge())
    if (topic === undefined || /^(key|session|person|project) /.test(topic)) rights.askAll()
  })

  return {
    join(listener: Listener): Channel {
      const channel = channels.get(listener.projectId) ?? openChannel(world, listener.projectId, listener.at)
      channels.set(listener.projectId, channel)
      channel.listeners.add(listener)
      slots[joined++ % beatSeconds]?.add(listener)
      rights.add(listener)
      ticker ??= setInterval(tick, 1000)
      if (world.isClosing()) listener.end()
      return channel
    },
    leave(listener: Listener) {
      for (const slot of slots) slot.delete(listener)
      rights.remove(listener)
      const channel = channels.get(listener.projectId)
      channel?.listeners.delete(listener)
      if (channel?.listeners.size === 0) channels.delete(listener.projectId)
      if (channels.size > 0) return
      clearInterval(ticker)
      ticker = undefined
    },
    count: () => [...channels.values()].reduce((sum, channel) => sum + channel.listeners.size, 0),
  }
})

/** How many connections listen on this node. */
export const listening = (world: World): number => hub(world).count()

/**
 * What somebody hears, as text of server-sent events. It begins to listen when it is first asked for and stops when its
 * reader returns, also while it waits: nothing is left behind by a client that has gone.
 */
export const hear = (world: World, wish: Wish): AsyncIterable<string> => ({
  [Symbol.asyncIterator]() {
    const { join, leave } = hub(world)
    const listener = makeListener(wish)
    const channel = join(listener)
    const over = async (): Promise<IteratorResult<string>> => {
      listener.end()
      leave(listener)
      return { done: true, value: undefined }
    }
    return {
      async next() {
        for (;;) {
          const value = listener.drain()
          if (value !== undefined) return { done: false, value }
          if (listener.hasEnded()) return over()
          if (listener.isLive) await listener.ready()
          else await catchUp(world, channel, listener)
        }
      },
      return: over,
    }
  },
})
