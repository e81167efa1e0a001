import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { mailAlert } from './alerts.ts'

/** What a batch of the access log tells of one key. */
export type Uses = {
  keyId: string
  count: number
  /** The last of them. */
  at: Date
  ip: string
  userAgent: string | null
  /** Where they came from: IPv4 by /24, IPv6 by /64. */
  networks: string[]
}

/** How many networks of a key are remembered. */
const mostNetworks = 50

type Known = { id: string; name: string; project_id: string; is_settled: boolean; networks: string[] }

/**
 * The network that is worth an alert, if one is. A key is settled after ten uses and a whole day of them; until then it is
 * being set up, and every network is new. One that came from twenty networks moves about by nature (runners of a cloud),
 * and one that was told of within a day is being looked at already: neither is told of again, so that an alert is rare.
 */
export const unusualOf = (known: Known, networks: readonly string[]): string | undefined =>
  known.is_settled && known.networks.length < 20 ? networks.find((one) => !known.networks.includes(one)) : undefined

/** Notes when and from where keys were used, and raises `key.unusual`, within the transaction of their log rows. */
export async function noteUses(tx: Sql, ctx: Ctx, uses: Uses[]): Promise<void> {
  const ids = uses.map((one) => one.keyId)
  // Locked in one order, so that two nodes never wait for each other, and only one of them finds a network new.
  const known = await tx<Known[]>`
    select k.id, k.name, coalesce(p.test_of, p.id) as project_id, u.networks,
      u.uses >= 10 and u.first_at < now() - interval '1 day'
        and coalesce(u.unusual_at < now() - interval '1 day', true) as is_settled
    from key_uses u join api_keys k on k.id = u.key_id join projects p on p.id = k.project_id
    where u.key_id = any (${ids}) order by u.key_id for update of u`
  const alerts = known.flatMap((one) => {
    const network = unusualOf(one, uses.find((use) => use.keyId === one.id)?.networks ?? [])
    return network === undefined ? [] : [{ ...one, network }]
  })
  const rows = uses.map((one) => ({
    key_id: one.keyId,
    at: one.at.toISOString(),
    ip: one.ip,
    user_agent: one.userAgent,
    uses: one.count,
    networks: one.networks.slice(0, mostNetworks),
    unusual: alerts.some((alert) => alert.id === one.keyId),
  }))
  await tx`
    insert into key_uses as held (key_id, at, ip, user_agent, first_at, uses, networks, unusual_at)
    select key_id, used.at, ip, user_agent, used.at, uses, networks, case when unusual then now() end
    from jsonb_to_recordset(${tx.json(rows)}) as used (
      key_id text, at timestamptz, ip text, user_agent text, uses bigint, networks text[], unusual boolean)
    where exists (select 1 from api_keys where id = key_id)
    order by key_id
    on conflict (key_id) do update set
      at = greatest(held.at, excluded.at),
      ip = case when excluded.at >= held.at then excluded.ip else held.ip end,
      user_agent = case when excluded.at >= held.at then excluded.user_agent else held.user_agent end,
      uses = held.uses + excluded.uses,
      networks = (held.networks || array(
        select network from unnest(excluded.networks) network where network <> all (held.networks)))[1:${mostNetworks}],
      unusual_at = coalesce(excluded.unusual_at, held.unusual_at)`
  for (const { id, name, project_id: projectId, network } of alerts) {
    const payload = { key_id: id, name, network }
    await record(tx, ctx, { name: 'key.unusual', projectId, target: `key:${id}`, payload })
    await mailAlert(tx, ctx, projectId, { id, name }, `It was used from ${network}, where it never came from before.`)
  }
}
