import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Address } from '../driver/connect.ts'
import type { Log } from '../log.ts'
import { poolsFor } from './address.ts'
import { loadLibrary, schema } from './library.ts'
import { withPool } from './pool.ts'
import { keepPresence } from './presence.ts'

/** One try of one job; `attempt` counts from 1, `last` means that no other follows. */
export type Job = { payload: unknown; attempt: number; last: boolean }

/** Does a job at least once: when it throws, it is tried again later. What it throws is kept in the table: never a secret. */
export type Task = (job: Job) => Promise<void>

type Work = {
  address: Address
  /** The role that every connection takes. */
  role: string | undefined
  log: Log
  tasks: Record<string, Task>
}

export type Queue = {
  /** Takes no further job, and waits for those under way; after 15 s they are left to other nodes. */
  stop(): Promise<void>
}

const jobsAtATime = 2
const pollMs = 2000
const patienceMs = 15_000

/**
 * Works on the jobs that transactions put into the queue, as soon as they commit. Whatever the database does (restarts,
 * cut connections), work goes on when it is back; the process never ends of it.
 */
export function startQueue(options: Work): Queue {
  const stopping = new AbortController()
  const running = keepWorking(options, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function keepWorking(options: Work, signal: AbortSignal): Promise<void> {
  const { address, role, log } = options
  const addresses = poolsFor(address, role)
  const pool = { name: 'countersign queue', max: jobsAtATime + 2 }
  while (!signal.aborted) {
    try {
      await withPool(addresses, pool, (pgPool) => work(pgPool, options, signal))
    } catch (error) {
      if (signal.aborted) return
      log.warn({ job: 'queue', err: error }, 'The queue stood still; it goes on in a second')
    }
    await sleep(1000, undefined, { signal }).catch(() => undefined)
  }
}

/** One life of a worker, until it is told to stop or fails. */
async function work(pgPool: Pool, { address, role, log, tasks }: Work, signal: AbortSignal): Promise<void> {
  const { run, logger } = await loadLibrary(log)
  const events: WorkerEvents = new EventEmitter()
  let worker = ''
  events.once('pool:create', ({ workerPool }) => {
    worker = workerPool.id
  })
  const runner = await run({
    pgPool,
    schema,
    logger,
    events,
    concurrency: jobsAtATime,
    pollInterval: pollMs,
    noHandleSignals: true,
    parsedCronItems: [],
    // Without a batch the library does not wait for what it tells the database: that fails, and the process ends of it.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [
        name,
        (payload, { job }) => task({ payload, attempt: job.attempts, last: job.attempts >= job.max_attempts }),
      ]),
    ),
  })
  const presence = keepPresence(address, worker, role)
  const stop = () => void end(runner)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop)
  try {
    await runner.promise
  } finally {
    signal.removeEventListener('abort', stop)
    await presence.close()
  }
}

async function end(runner: { stop(): Promise<void>; kill(): Promise<void> }): Promise<void> {
  const late = setTimeout(() => void runner.kill().catch(() => undefined), patienceMs)
  await runner.stop().catch(() => undefined)
  clearTimeout(late)
}
