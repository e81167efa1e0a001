import type { z } from 'zod'
import type { agentDetail, agentStats } from '../../shared/contract/agent.ts'
import { selectKeys, shownKey } from '../keys/key.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { statusOf } from '../permissions/permission.ts'
import { type AgentRow, findAgent, shownAgent } from './agent.ts'

type Stats = z.input<typeof agentStats>

/**
 * What came of an agent's requests in the last 30 days. Its test keys ask in the twin, and so do not count. What a person
 * reported or locked is a no; what was withdrawn is none of these.
 */
async function statsOf(sql: Sql, { id, project_id: projectId }: AgentRow): Promise<Stats> {
  const [row] = await sql<Stats[]>`
    select count(*)::int as requests,
      (count(*) filter (where answer = 'approved'))::int as approved,
      (count(*) filter (where answer = 'denied' or status = 'denied'))::int as denied,
      (count(*) filter (where answer is null and status = 'expired'))::int as expired,
      (count(*) filter (where answered_by ->> 'type' = 'policy'))::int as by_policy,
      round((percentile_cont(0.5) within group (order by extract(epoch from answered_at - created_at))
        filter (where answered_by ->> 'type' = 'person'))::numeric, 1)::float8 as median_seconds
    from (
      select p.answer, p.answered_at, p.answered_by, p.created_at, ${statusOf(sql)} as status
      from permissions p left join approvals a on a.id = p.id
      where p.agent_id = ${id} and p.project_id = ${projectId} and p.created_at > now() - interval '30 days'
    ) as asked`
  if (!row) throw new Error('Counting answered no row.')
  return row
}

/** An agent with its keys, live and test, newest first, ended ones included; `undefined` when the project has none of this id. */
export async function findDetail(
  sql: Sql,
  projectId: string,
  id: string,
): Promise<z.input<typeof agentDetail> | undefined> {
  const row = await findAgent(sql, projectId, id)
  if (!row) return undefined
  const keys = await selectKeys(sql, projectId, sql`and k.agent_id = ${id} order by k.id desc`)
  return { ...shownAgent(row), keys: keys.map(shownKey), stats: await statsOf(sql, row) }
}
