import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseAway, within } from './deadline.ts'

export type Batches<Row> = {
  /** Keeps a row for the next batch; costs no more than that. */
  add(row: Row): void
  /** Writes all that is there, or as much as it can before a failure. */
  flush(): Promise<void>
  /** The last flush: tries again for at most `ms` milliseconds, and answers how many rows are lost. */
  close(ms: number): Promise<number>
  /** Rows that were not kept, so far. */
  dropped(): number
}

/** After a failure in ms, and how often rows are tried that the database itself refuses. */
const [againMs, tries] = [1000, 3]

/**
 * Gathers rows and writes them many at a time: when `most` are there, or `everyMs` milliseconds after the first. A batch
 * that failed is written again, with `again` true: its rows may be there already. At most `kept` rows wait; while the
 * database is away the ones beyond them are dropped, and counted.
 */
export function gather<Row>(
  write: (rows: Row[], again: boolean) => Promise<void>,
  onFailure: (error: unknown, count: number) => void,
  { everyMs = 250, most = 2000, kept = 10_000 } = {},
): Batches<Row> {
  const rows: Row[] = []
  let [dropped, failures] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const next = async () => {
    const batch = rows.slice(0, most)
    try {
      await write(batch, failures > 0)
      failures = 0
      rows.splice(0, batch.length)
    } catch (error) {
      onFailure(error, batch.length)
      failures++
      if (failures < tries || isDatabaseAway(error)) throw error
      failures = 0
      dropped += rows.splice(0, batch.length).length
    }
  }
  const run = (least: number): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    running ??= (async () => {
      do await next()
      while (rows.length >= least)
    })()
      .catch(() => undefined)
      .finally(() => {
        running = undefined
        if (rows.length > 0) later(failures > 0 ? againMs : everyMs)
      })
    return running
  }
  const later = (ms: number) => {
    timer ??= setTimeout(run, ms, most)
  }
  const flush = async () => {
    await running
    if (rows.length > 0) await run(1)
  }
  const flushAll = async (until: number) => {
    do await flush()
    while (rows.length > 0 && performance.now() < until && (await pause(againMs / 4, true)))
  }
  return {
    add(row) {
      if (rows.length >= kept) {
        dropped++
        return
      }
      rows.push(row)
      if (running !== undefined) return
      if (rows.length >= most && failures === 0) void run(most)
      else later(everyMs)
    },
    flush,
    async close(ms) {
      await within(ms, flushAll(performance.now() + ms)).catch(() => undefined)
      clearTimeout(timer)
      return rows.length
    },
    dropped: () => dropped,
  }
}
