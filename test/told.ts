import type { Sql } from '../server/lib/db.ts'
import { type EventName, events } from '../shared/events.ts'
import { actorRef } from '../shared/words.ts'

type Told = { name: EventName; payload: unknown; actor: unknown; target: string; project_id: string }

/** Every event of a run fits its schema, names its actor properly, and holds no API key; throws at the first that does not. */
export async function mustBeWellTold(sql: Sql): Promise<void> {
  const [there] = await sql`select to_regclass('public.events') is not null as yes`
  if (!there?.yes) return
  for (const row of await sql<Told[]>`select name, payload, actor, target, project_id from events`) {
    const schema = events[row.name]
    if (!schema) throw new Error(`There is no event ${row.name}.`)
    schema.parse(row.payload)
    actorRef.parse(row.actor)
    if (
      !/^(project|key|value|approval|agent|permission|policy|person|invitation|settings|audit|secret|ask|account|channel|browser|webhook):./.test(
        row.target,
      )
    )
      throw new Error(`${row.name} has the target ${row.target}.`)
    if (/_[0-9A-Za-z]{32}\b/.test(JSON.stringify(row))) throw new Error(`${row.name} holds a key.`)
  }
}

/** The names of the events about one approval, in order. */
export const eventsOf = async (sql: Sql, approvalId: string): Promise<string[]> => {
  const rows = await sql<{ name: string }[]>`
    select name from events where target = ${`approval:${approvalId}`} order by seq`
  return rows.map((row) => row.name)
}
