import { systemCtx } from '../context.ts'
import { gather } from '../lib/batches.ts'
import { atomically } from '../lib/transaction.ts'
import { perWorld } from '../world.ts'
import { type LoggedRequest, store } from './row.ts'

export type RequestLog = {
  /** Keeps a row; it is in the database within half a second. One that cannot be made is dropped: no reply depends on it. */
  note(make: () => LoggedRequest | undefined): void
  /** Keeps a row that must still be looked up; of more than a hundred at a time the others are dropped. */
  noteLater(make: () => Promise<LoggedRequest | undefined>): void
  /** Writes what is there. */
  flush(): Promise<void>
  /** Rows that this process could not keep, so far. */
  dropped(): number
}

const mostLookUps = 100
/** Longest time (ms) that a shutdown waits for the last rows. */
const lastMs = 3000

/**
 * The access log of a process: rows are written in batches after their replies, so that no request waits for its row, and
 * the last ones when the world closes. A process that is killed loses what it noted in the last half second.
 */
export const requestLog = perWorld((world): RequestLog => {
  const ctx = systemCtx(world, 'access log')
  const lookUps = new Set<Promise<void>>()
  let notMade = 0
  const batches = gather<LoggedRequest>(
    (rows, again) => atomically(world.db.sql, (tx) => store(tx, ctx, rows, again)),
    (err, count) => world.log.warn({ job: 'access log', count, err }, 'Rows of the access log were not written'),
  )
  const lookedUp = async () => void (await Promise.all(lookUps))
  world.beforeClose(async () => {
    await lookedUp()
    const count = await batches.close(lastMs)
    if (count > 0) world.log.error({ job: 'access log', count }, 'The last rows of the access log are lost')
  })
  return {
    note(make) {
      try {
        const row = make()
        if (row) batches.add(row)
      } catch {
        notMade++
      }
    },
    noteLater(make) {
      if (lookUps.size >= mostLookUps) {
        notMade++
        return
      }
      const lookUp: Promise<void> = make()
        .then(
          (row) => row && batches.add(row),
          // Nobody's row: its key is unknown, or the database is away.
          () => undefined,
        )
        .finally(() => lookUps.delete(lookUp))
      lookUps.add(lookUp)
    },
    async flush() {
      await lookedUp()
      await batches.flush()
    },
    dropped: () => batches.dropped() + notMade,
  }
})
