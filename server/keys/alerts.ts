import type { Fragment } from 'postgres'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { sendMail } from '../mails/mail.ts'
import type { ShownKey } from './key.ts'

export type Alert = ShownKey['alerts'][number]

/** Days after which a key counts as old, and as unused when it was used before. */
export const oldDays = 90

/**
 * What deserves a look at a key, as an array in SQL over `k` (its row), `u` (its uses), `status` and `stays` (active, and
 * not replaced). Only of keys that open something still; that a replaced one was used after its successor was made is
 * said for a week beyond its end, since somebody will miss it.
 */
export const alertsOf = (sql: Sql): Fragment => sql`
  array_remove(array[
    case when stays and k.created_at < now() - make_interval(days => ${oldDays}) then 'old' end,
    case when stays and coalesce(u.at < now() - make_interval(days => ${oldDays}),
      k.created_at < now() - interval '7 days') then 'unused' end,
    case when stays and k.expires_at < now() + interval '7 days' then 'expiring' end,
    case when status = 'active' and u.unusual_at > now() - interval '7 days' then 'unusual' end,
    case when k.replaced_by is not null and k.revoked_at is null
      and coalesce(k.expires_at > now() - interval '7 days', true)
      and u.at > (select created_at from api_keys n where n.id = k.replaced_by) then 'replaced_still_used' end,
    case when status = 'active' and k.maker_id is not null and not exists (
      select 1 from memberships m join projects p on p.id = k.project_id
      where m.project_id = coalesce(p.test_of, p.id) and m.person_id = k.maker_id and m.disabled_at is null)
      then 'maker_gone' end
  ], null)`

/** Mails an alert to the admins of a project that wants mails, in the commit of what it tells. */
export async function mailAlert(
  tx: Sql,
  ctx: Ctx,
  projectId: string,
  key: { id: string; name: string },
  sentence: string,
): Promise<void> {
  const admins = await tx<{ email: string; project: string }[]>`
    select people.email, p.name as project from projects p
    join memberships m on m.project_id = p.id and m.disabled_at is null and m.role in ('ADMIN', 'OWNER')
    join people on people.id = m.person_id
    where p.id = ${projectId} and p.alert_mail`
  const url = `${ctx.world.config.publicUrl}/p/${projectId}/keys?open=${key.id}`
  for (const { email, project } of admins)
    await sendMail(tx, ctx, email, { kind: 'key alert', data: { project, key: key.name, sentence, url } })
}

/** Tells once of each key that has become old, at most a hundred at a time; answers how many there were. */
export const sweepAged = (ctx: Ctx): Promise<number> =>
  atomically(ctx.world.db.sql, async (tx) => {
    const aged = await tx<{ id: string; name: string; project_id: string; days: number }[]>`
      update api_keys k set aged_at = now() from projects p
      where p.id = k.project_id and k.id in (
        select id from api_keys
        where aged_at is null and revoked_at is null and replaced_by is null and created_at < now() - make_interval(days => ${oldDays})
          and (expires_at is null or expires_at > now())
        order by created_at limit 100 for update skip locked)
      returning k.id, k.name, coalesce(p.test_of, p.id) as project_id, extract(day from now() - k.created_at)::int as days`
    for (const { id, name, project_id: projectId, days } of aged) {
      const payload = { key_id: id, name, days }
      await record(tx, ctx, { name: 'key.aged', projectId, target: `key:${id}`, payload })
      await mailAlert(tx, ctx, projectId, { id, name }, `It is ${days} days old; rotate it.`)
    }
    return aged.length
  })
