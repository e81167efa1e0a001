import { refuse } from '../../shared/errors.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'

/**
 * Holds a key, and the agent whose it is, until the transaction ends: who revokes it waits for what it asks, and so
 * withdraws that too. Refuses EXPIRED_API_KEY when somebody was first. The agent before the key, as whoever ends both does.
 */
export async function mustStillWork(tx: Sql, actor: KeyActor | PersonActor): Promise<void> {
  if (actor.type !== 'key') return
  const [held] = await tx`
    select 1 from api_keys k
    where k.id = ${actor.id} and k.revoked_at is null and k.disabled_at is null
      and (k.agent_id is null or exists (
        select 1 from agents g where g.id = k.agent_id and g.disabled_at is null for share))
    for share of k`
  if (!held) refuse('EXPIRED_API_KEY')
}
