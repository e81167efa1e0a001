import { decodeTime } from 'ulid'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'

/** Epochs at a time. */
const most = 100

/** A key file without a row: the node that made it is about to write the row, or died before it did. */
const strayMs = 3_600_000

/** Of `secret_epochs e`: something of some row still opens with its key. In the words of the index `secrets_held`. */
export const isHeld = (sql: Sql) => sql`exists (
  select from secrets s where s.epoch_id = e.id
    and (s.data_key is not null or s.replay_key is not null or s.upload_key is not null or s.ticket_key is not null))`

/**
 * Not in its first minute: on a quiet instance the only secret is often read at once, and each would cost a key of its own,
 * with two waits for the disk. So a key stays a minute longer than its last secret at most, and only if it is that young; and
 * who finds that an epoch went can rely on the next one.
 */
const isDone = (sql: Sql) =>
  sql`e.destroyed_at is null and e.created_at < now() - interval '1 minute' and not ${isHeld(sql)}`

/**
 * Destroys the keys of epochs that no row holds any more, so that no backup of the database opens what was in them. Safe on
 * every node at once. Answers how many.
 *
 * A new secret takes its epoch's row `for key share` and only while it stands. We lock the row first and look for secrets
 * in a statement, and so a snapshot, after that: whoever was before us is seen, whoever comes after us finds it destroyed.
 */
export async function destroyEpochs({ db: { sql }, keyring }: World): Promise<number> {
  const done = await sql<{ id: string }[]>`select id from secret_epochs e where ${isDone(sql)} limit ${most}`
  if (done.length === 0) return 0
  const destroyed = await sql.begin(async (begun) => {
    const tx = begun as unknown as Sql // a client but for what opens new connections
    const locked = await tx<{ id: string }[]>`
      select id from secret_epochs e where id = any(${done.map(({ id }) => id)}::text[]) and destroyed_at is null
      order by id for update skip locked`
    return tx<{ id: string }[]>`
      update secret_epochs e set destroyed_at = now()
      where id = any(${locked.map(({ id }) => id)}::text[]) and ${isDone(tx)}
      returning id`
  })
  // After the commit, or a rollback could leave secrets without their key.
  for (const { id } of destroyed) keyring.destroy(id)
  return destroyed.length
}

/**
 * Removes key files that nothing can need: of epochs whose destroyer died between commit and removal, and those that never
 * got a row. Then the rows of destroyed epochs: what is left of their secrets names a key that nobody needs.
 */
export async function clearKeyring({ db: { sql }, keyring, clock }: World): Promise<void> {
  const ids = keyring.ids()
  const rows = await sql<{ id: string; standing: boolean }[]>`
    select id, destroyed_at is null as standing from secret_epochs where id = any(${ids}::text[])`
  const known = new Map(rows.map(({ id, standing }) => [id, standing]))
  const isStray = (id: string) => decodeTime(id) < clock.now().getTime() - strayMs
  for (const id of ids) if (!(known.get(id) ?? !isStray(id))) keyring.destroy(id)
  await sql`
    delete from secret_epochs e where id in (
      select id from secret_epochs e where destroyed_at is not null and id <> all(${keyring.ids()}::text[])
      limit ${most} for update skip locked)`
}
