import { useCallback, useEffect, useRef, useState } from 'react'
import { arrival } from './early.ts'
import { type Fault, faultOf } from './fault.ts'

/** What the server last said. `offset`: its clock minus ours, in ms; `readAt`: when we heard it, by our clock. */
export type Seen<Data> = { data: Data; offset: number; readAt: number }

/** A line that went dead with the phone asleep is given up after this many ms. */
const deadline = 15_000
/** Ms between looks after a failure, and once the time that was given is over but the server has not said so. */
const pace = { failed: 3000, over: 1000 }

type Asked = { server_time: string }

type Look<Data extends Asked> = {
  ask: (signal: AbortSignal) => Promise<Data>
  /** Ms until the next look; false when what was read is final. */
  every: (data: Data) => number | false
  /** When what was read ends, by the server's clock, in ms: a look follows at once. */
  endOf: (data: Data) => number
  /** False: what was read stays, and nothing is asked. */
  live?: boolean
}

type Read<Data> = { seen?: Seen<Data>; fault?: Fault | undefined; busy: boolean }

/** There is nothing to come back for: the link leads nowhere. */
export const isFinal = ({ code }: Fault): boolean => /^(NOT_FOUND|UNKNOWN_SECRET|INVALID_INPUT)$/.test(code)

async function lookOnce<Data extends Asked>(ask: Look<Data>['ask']): Promise<Seen<Data>> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), deadline)
  try {
    const data = await ask(controller.signal)
    const readAt = arrival()
    return { data, readAt, offset: Date.parse(data.server_time) - readAt }
  } finally {
    clearTimeout(timer)
  }
}

/** Ms until the next look. */
function pauseAfter<Data extends Asked>({ seen, fault }: Read<Data>, { every, endOf }: Look<Data>): number | false {
  if (fault) return isFinal(fault) ? false : Math.max(pace.failed, (fault.retryAfter ?? 0) * 1000)
  const next = seen ? every(seen.data) : false
  if (!seen || next === false) return false
  return Math.min(next, Math.max(pace.over, endOf(seen.data) - (seen.readAt + seen.offset)))
}

/**
 * Reads where a link stands, again and again until that is final, and at once when somebody comes back to the page. By hand:
 * the library that caches what the dashboard reads would be a tenth of such a page. What was read stays over a fault.
 */
export function useLook<Data extends Asked>(options: Look<Data>): Read<Data> & { look: () => Promise<void> } {
  const [read, setRead] = useState<Read<Data>>({ busy: true })
  const latest = useRef(options)
  latest.current = options
  const turn = useRef(0)
  const look = useCallback(async () => {
    turn.current += 1
    const mine = turn.current
    setRead((before) => ({ ...before, busy: true }))
    const found: Pick<Read<Data>, 'seen' | 'fault'> = await lookOnce(latest.current.ask).then(
      (seen) => ({ seen, fault: undefined }),
      (thrown) => ({ fault: faultOf(thrown) }),
    )
    // Of two looks the one that began later tells.
    if (mine === turn.current) setRead((before) => ({ ...before, ...found, busy: false }))
  }, [])
  useEffect(() => void look(), [look])
  const pause = options.live === false || read.busy ? false : pauseAfter(read, options)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each read begins a new pause, also one of the same length
  useEffect(() => {
    if (pause === false) return
    // A hidden tab asks nothing; whoever comes back to it sees at once what became of it.
    const again = () => void (document.visibilityState === 'visible' && look())
    const timer = setTimeout(again, pause)
    document.addEventListener('visibilitychange', again)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', again)
    }
  }, [pause, look, read])
  return { ...read, look }
}
