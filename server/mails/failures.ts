import type { Sql } from '../lib/driver/connect.ts'
import type { Mail } from './mail.ts'

/** Remembers that a mail was given up: its kind and why, never to whom. */
export async function noteFailure(sql: Sql, kind: Mail['kind'] | 'unknown', code: string, attempts: number) {
  await sql`insert into mail_failures (kind, code, attempts) values (${kind}, ${code}, ${attempts})`
}

/** Mails given up in the last seven days, and when and why the last one. */
export async function recentFailures(
  sql: Sql,
): Promise<{ count: number; at: Date | null; code: string | null; kind: string | null }> {
  const [row] = await sql<{ count: number; at: Date | null; code: string | null; kind: string | null }[]>`
    select count(*)::int as count, max(at) as at, (array_agg(code order by at desc))[1] as code,
      (array_agg(kind order by at desc))[1] as kind
    from mail_failures where at > now() - interval '7 days'`
  return row ?? { count: 0, at: null, code: null, kind: null }
}

/** Removes what nobody asks for any more: failures after 30 days, and jobs with no try left (their node died of the last one). */
export async function purgeMails(sql: Sql): Promise<void> {
  await sql`delete from mail_failures where at < now() - interval '30 days'`
  await sql`
    with dead as (
      select id, attempts from graphile_worker.jobs
      where task_identifier = 'mail' and attempts >= max_attempts and locked_by is null
    ), noted as (
      insert into mail_failures (kind, code, attempts)
      select 'unknown', 'INTERRUPTED', attempts from dead
    )
    select graphile_worker.complete_jobs(array_agg(id)) from dead having count(*) > 0`
}
