import type { contract } from '../../shared/contract/index.ts'
import { openSessionsOf } from '../people/session.ts'
import type { Verb } from '../verb.ts'

export const sessions: Verb<typeof contract.me.sessions> = async ({ world, actor }) => {
  const rows = await openSessionsOf(world, actor.id)
  return rows.map((row) => ({
    id: row.id,
    current: row.id === actor.sessionId,
    created_at: row.created_at.toISOString(),
    seen_at: row.seen_at.toISOString(),
    expires_at: row.ends.toISOString(),
    remembered: row.remembered,
    ip: row.ip_address,
    user_agent: row.user_agent,
  }))
}
