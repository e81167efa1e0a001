import { refuse } from '../../shared/errors.ts'
import { email } from '../../shared/people.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { mailIsOn } from '../mails/mail.ts'
import type { World } from '../world.ts'

/** Whom an approval names: addresses that its link is mailed to, and channels that are told of all that happens to it. */
export type Notified = { addresses: readonly string[]; channels: readonly string[] }

/**
 * Takes `notify` apart, each name once. Refuses MAIL_OFF for addresses where no mail can be sent, and INVALID_INPUT, by place,
 * for channels that the project does not have; of a test key, those of the live project count, so that a script can be tried
 * as it is. They are told nothing of test objects.
 */
export async function notifiedBy(
  world: World,
  projectId: string,
  notify: readonly string[] | undefined,
): Promise<Notified> {
  const named = (notify ?? []).map((one) => ({ given: one, address: email.safeParse(one).data }))
  const addresses = named.flatMap(({ address }) => address ?? [])
  const channels = named.flatMap(({ given, address }) => (address === undefined ? [given] : []))
  if (addresses.length > 0 && !mailIsOn(world)) refuse('MAIL_OFF')
  if (channels.length > 0) await mustBeThere(world.db.sql, projectId, notify ?? [], channels)
  return { addresses: [...new Set(addresses)], channels: [...new Set(channels)] }
}

async function mustBeThere(sql: Sql, projectId: string, notify: readonly string[], ids: readonly string[]) {
  const rows = await sql<{ id: string }[]>`
    select c.id from channels c
    where c.id = any (${[...ids]}) and c.project_id = (select coalesce(test_of, id) from projects where id = ${projectId})`
  const known = new Set(rows.map(({ id }) => id))
  const issues = notify.flatMap((one, place) =>
    ids.includes(one) && !known.has(one)
      ? [{ path: `notify.${place}`, message: 'There is no such channel in this project.' }]
      : [],
  )
  if (issues.length > 0) refuse('INVALID_INPUT', { issues })
}
