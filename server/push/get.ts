import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { present, selectSubscriptions } from './subscription.ts'
import { vapidOf } from './vapid.ts'

/** What a browser subscribes with, and the asker's own browsers in this project, oldest first. */
export const get: Verb<typeof contract.push.get> = async ({ world, actor }) => {
  const { sql } = world.db
  const mine = sql`s.project_id = ${actor.liveProjectId} and s.person_id = ${actor.id} order by s.id`
  return { public_key: vapidOf(world).publicKey, items: (await selectSubscriptions(sql, mine)).map(present) }
}
