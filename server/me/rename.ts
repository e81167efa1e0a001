import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

/** Changes the name that others see from now on; what is on record keeps the name of its time. */
export const rename: Verb<typeof contract.me.rename> = async ({ world, actor }, { name }) => {
  await world.db.sql`update people set name = ${name}, updated_at = now() where id = ${actor.id}`
}
