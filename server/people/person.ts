import type { EventName, EventPayload } from '../../shared/events.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'

/** Who somebody is, as their row says. */
export type Person = { id: string; name: string; email: string }

/** Makes a person; undefined when the address has one already. `runsInstance`: the one who set the instance up. */
export async function makePerson(
  sql: Sql,
  { id = newId(), name, email, verified, runsInstance = false, image = null }: NewPerson,
): Promise<Person | undefined> {
  const [row] = await sql<Person[]>`
    insert into people (id, name, email, email_verified, runs_instance, image)
    values (${id}, ${name}, ${email}, ${verified}, ${runsInstance}, ${image})
    on conflict (email) do nothing returning id, name, email`
  return row
}

type NewPerson = Omit<Person, 'id'> & {
  id?: string
  verified: boolean
  runsInstance?: boolean
  image?: string | null
}

/** Gives a person without a password one; `hash` is of `password.ts`. */
export async function givePassword(sql: Sql, personId: string, hash: string): Promise<void> {
  await sql`
    insert into identities (id, person_id, account_id, provider_id, password)
    values (${newId()}, ${personId}, ${personId}, 'credential', ${hash})`
}

/** What happens to a person and is told in every project that they are an active member of. */
type Told = 'person.signed_in' | 'person.signed_out' | 'person.sign_in_failed' | 'person.secured'

type Rest<Name extends EventName> = Omit<EventPayload<Name>, 'person_id' | 'name'>

/** Records what happened to a person in each project they are an active member of, within the transaction of what it tells. */
export async function tellProjects<Name extends Told>(
  tx: Sql,
  ctx: Ctx,
  person: Pick<Person, 'id' | 'name'>,
  name: Name,
  rest: Rest<Name>,
): Promise<void> {
  const rows = await tx<{ project_id: string }[]>`
    select project_id from memberships where person_id = ${person.id} and disabled_at is null order by project_id`
  for (const { project_id: projectId } of rows) {
    // Facts of a person and the rest of this event's own: what the schema of this name says, which a generic cannot show.
    const payload = { person_id: person.id, name: person.name, ...rest } as unknown as EventPayload<Name>
    await record(tx, ctx, { name, projectId, target: `person:${person.id}`, payload })
  }
}

/** The same request as the person who turned out to be behind it: what they do is on their name. */
export const asPerson = (ctx: Ctx, { id, name, email }: Person): Ctx => ({
  ...ctx,
  actor: {
    type: 'person',
    id,
    name,
    email,
    runsInstance: false,
    sessionId: '',
    freshUntil: new Date(0),
    sessionEnds: new Date(0),
  },
})
