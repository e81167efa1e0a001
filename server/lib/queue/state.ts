import type { Sql } from '../driver/connect.ts'

/** What is in the queue: how many jobs wait, for how long (s) the oldest should have been done, how many failed before. */
export type QueueState = { waiting: number; overdue: number; failing: number; lastError: string | null }

/** Looks at the queue. `lastError` is what a task threw last, of jobs that are still there. */
export async function queueState(sql: Sql): Promise<QueueState> {
  const [row] = await sql<QueueState[]>`
    select count(*)::int as waiting,
      coalesce(extract(epoch from now() - min(run_at) filter (where run_at < now() and locked_by is null)), 0)::int
        as overdue,
      (count(*) filter (where attempts > 0 and last_error is not null))::int as failing,
      (array_agg(last_error order by updated_at desc) filter (where last_error is not null))[1] as "lastError"
    from graphile_worker.jobs`
  return row ?? { waiting: 0, overdue: 0, failing: 0, lastError: null }
}
