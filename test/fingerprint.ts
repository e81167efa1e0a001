import type { Sql } from '../server/lib/driver/connect.ts'
import type { Victim } from './victim.ts'

/** What grows by itself: logs of requests, uses and seals, and what is on its way. */
const ignored = new Set(['requests', 'key_uses', 'seals', 'deliveries'])

/** A row `t` but for whether what is sent to it arrives. */
const lasting = `(to_jsonb(t) - 'failing_since' - 'failing')::text`

/** All that a project and its people have, as one text: equal before and after means that nothing was done. */
export async function fingerprint(sql: Sql, victim: Victim, { twin = true } = {}): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attname = 'project_id' order by 1`
  const ids = twin ? [victim.project.id, victim.twin.id] : [victim.project.id]
  const sums = tables
    .filter(({ name }) => !ignored.has(name))
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(string_agg(${lasting}, ' ' order by ${lasting})) as sum from "${name}" t where project_id = any ($1::text[])`,
    )
  // One statement: it is asked before and after each of thousands of attempts.
  const parts = await sql.unsafe(`${sums.join(' union all ')} order by 1`, [ids])
  const people = [victim.owner.id, victim.member.id]
  const rest = await sql`
    select p::text from projects p where id = any (${ids})
    union all select p::text from people p where id = any (${people})
    union all select k::text from account_marks k join accounts a on a.id = k.account_id where a.project_id = any (${ids})
    union all select id || expires_at::text from sessions where person_id = any (${people})
    order by 1`
  return JSON.stringify([parts, rest])
}
