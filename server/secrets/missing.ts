import type { Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Keyring } from '../lib/keyring.ts'
import { isHeld } from './ended-epochs.ts'
import { burnLost } from './sweep.ts'

/** Epochs that secrets hang on; few, whatever the number of secrets. */
const needed = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ id: string }[]>`
    select id from secret_epochs e where destroyed_at is null and ${isHeld(sql)}`
  return rows.map(({ id }) => id)
}

/** Epochs that secrets hang on and whose key is not in the keyring. Throws when the keyring cannot be read. */
export async function missingEpochs(sql: Sql, read: Keyring['read']): Promise<string[]> {
  const absent = (await needed(sql)).filter((id) => !read(id))
  if (absent.length === 0) return []
  // One that was destroyed between the two looks is not missing.
  const still = new Set(await needed(sql))
  return absent.filter((id) => still.has(id))
}

/**
 * Gives up the keys that are missing, for an operator who knows that they are lost: burns what hangs on them, which nobody
 * could open any more. Answers how many epochs and secrets.
 */
export async function forgetMissing(ctx: Ctx): Promise<{ epochs: number; secrets: number }> {
  const { db, keyring } = ctx.world
  const missing = await missingEpochs(db.sql, keyring.read)
  await db.sql`update secret_epochs set destroyed_at = now() where id = any(${missing}::text[]) and destroyed_at is null`
  return { epochs: missing.length, secrets: await burnLost(ctx, missing) }
}
