import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { perWorld, type World } from '../world.ts'

/** The epoch that a secret of some time to live falls into. */
export type Epoch = { id: string; until: Date }

/** Epochs that this process used last, by their end; a statement that relies on one checks that it still stands. */
const lately = perWorld(() => new Map<number, Epoch>())

/** Secrets that live at most a day end with their hour, the others with their day: few keys, none outlives its secrets by more. */
const endOf = (sql: Sql, ttl: number) =>
  ttl <= 86_400
    ? sql`date_trunc('hour', now() + make_interval(secs => ${ttl}::float8), 'UTC') + interval '1 hour'`
    : sql`date_trunc('day', now() + make_interval(secs => ${ttl}::float8), 'UTC') + interval '1 day'`

/**
 * The epoch for a secret of `ttl` seconds; makes it, key first, when there is none. `afresh` after a statement found that
 * the one given out before was destroyed meanwhile.
 */
export async function epochFor(world: World, ttl: number, afresh = false): Promise<Epoch> {
  const { sql } = world.db
  const known = lately(world)
  if (!afresh) {
    const least = world.clock.now().getTime() + ttl * 1000
    // As long as its own kind of period at most, or every secret would hang on the longest key.
    const most = least + (ttl <= 86_400 ? 3_600_000 : 86_400_000)
    for (const [until, epoch] of known) if (until > least && until <= most) return epoch
  }
  known.clear()
  const [standing] = await sql<Epoch[]>`
    select id, until from secret_epochs where destroyed_at is null and until = ${endOf(sql, ttl)}`
  const epoch = standing ?? (await begin(world, ttl))
  known.set(epoch.until.getTime(), epoch)
  return epoch
}

async function begin(world: World, ttl: number): Promise<Epoch> {
  const { sql } = world.db
  const id = newId()
  world.keyring.make(id)
  const [made] = await sql<Epoch[]>`
    insert into secret_epochs (id, until) values (${id}, ${endOf(sql, ttl)})
    on conflict (until) where destroyed_at is null do update set until = excluded.until
    returning id, until`
  if (!made) throw new Error('The epoch was not made.')
  // Somebody else was first: theirs stands.
  if (made.id !== id) world.keyring.destroy(id)
  return made
}
