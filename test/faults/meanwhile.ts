import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../../server/lib/driver/connect.ts'

/** Until so many statements wait for a lock in this database. */
async function waiting(owner: Sql, many: number): Promise<void> {
  for (;;) {
    const [row] = await owner<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if ((row?.n ?? 0) >= many) return
    await sleep(5)
  }
}

/**
 * What becomes of `then` when it begins while a transaction that did `first` has not ended: so many statements must wait for
 * that, or with 0 it must be done before.
 */
export async function meanwhile<Answer>(
  owner: Sql,
  first: (tx: Sql) => Promise<unknown>,
  then: () => Promise<Answer>,
  waits: number,
): Promise<Answer> {
  let outcome: Promise<Answer> | undefined
  await owner.begin(async (tx) => {
    await first(tx as unknown as Sql) // a client but for opening connections
    outcome = then()
    outcome.catch(() => {})
    if (waits > 0) await waiting(owner, waits)
    else await outcome
  })
  if (!outcome) throw new Error('Nothing began.')
  return outcome
}
