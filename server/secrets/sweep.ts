import type { Fragment } from 'postgres'
import { actorRef, type Ctx } from '../context.ts'
import { vouched } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { mailExpired, type Noticed } from './notices.ts'

/** Of each kind at a time. */
const most = 100

/** What is set when a secret ends unread: nothing is left that opens or holds it, with or without its epoch's key. */
export const emptied = (sql: Sql): Fragment => sql`
  content = null, data_key = null, replay_key = null, replay_until = null, upload_key = null, upload_digest = null,
  ticket_key = null, ticket_digest = null, ticket_until = null, sealed_secret_key = null`

/** Ends secrets in one statement, with their files and an audit row each. `due`: their ids, locked. */
const ending = (
  sql: Sql,
  ctx: Ctx,
  { due, state, at }: { due: Fragment; state: 'expired' | 'burned'; at: Fragment },
) => {
  const by = sql.json(actorRef(ctx.actor))
  const rows = Array.from({ length: most }, () => vouched(ctx))
  return sql<(Noticed & { expires_at: Date })[]>`
    with due as (${due}), ended as (
      update secrets s set state = ${state}, ended_by = ${by}::jsonb, ended_at = ${at}, updated_at = ${at}, ${emptied(sql)}
      from due where s.id = due.id
      returning s.id, s.project_id, s.notify, s.memo, s.recipient, s.expires_at
    ), files as (
      delete from secret_parts where secret_id in (select id from ended)
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, request_id, ip, mac)
      select fresh.id, ended.project_id, 'secret.' || ${state}::text, ${by}::jsonb, 'secret:' || ended.id,
        jsonb_build_object('secret_id', ended.id), ${ctx.requestId}, ${ctx.ip}, decode(fresh.mac, 'hex')
      from (select *, row_number() over () as place from ended) as ended
      join unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ mac }) => Buffer.from(mac).toString('hex'))}::text[])
        with ordinality as fresh (id, mac, place) using (place)
    )
    select * from ended`
}

/** Ends secrets that nobody read in time. What becomes of one is told in the same commit, also by mail. */
const expire = (ctx: Ctx): Promise<number> =>
  atomically(ctx.world.db.sql, async (tx) => {
    const due = tx`
      select id from secrets where state in ('new', 'viewed') and expires_at <= now()
      order by expires_at limit ${most} for update skip locked`
    const ended = await ending(tx, ctx, { due, state: 'expired', at: tx`s.expires_at` })
    for (const row of ended) await mailExpired(tx, ctx, row)
    return ended.length
  })

/** Takes back what a claim left for a while: the key for who repeats the request, with the text; the ticket, with the file. */
async function clearLingering({ db: { sql } }: Ctx['world']): Promise<number> {
  const cleared = await sql`
    with due as (
      select id from secrets where least(replay_until, ticket_until) <= now()
        and (replay_until is not null or ticket_until is not null)
      limit ${most} for update skip locked
    ), cleared as (
      update secrets s set
        replay_key = case when replay_until > now() then replay_key end,
        content = case when replay_until > now() then content end,
        replay_until = case when replay_until > now() then replay_until end,
        ticket_key = case when ticket_until > now() then ticket_key end,
        ticket_digest = case when ticket_until > now() then ticket_digest end,
        ticket_until = case when ticket_until > now() then ticket_until end
      from due where s.id = due.id
      returning s.id, s.ticket_key
    ), files as (
      delete from secret_parts where secret_id in (select id from cleared where ticket_key is null)
    )
    select id from cleared`
  return cleared.length
}

/** Removes rows whose metadata's time is up, at twice their time to live; each was told of when it ended. */
async function removeGone({ db: { sql } }: Ctx['world']): Promise<number> {
  const gone = await sql`
    delete from secrets where id in (
      select id from secrets where gone_at <= now() and state not in ('new', 'viewed')
      order by gone_at limit ${most} for update skip locked)
    returning id`
  return gone.length
}

/** Does to secrets what their time asks for, by the database's clock. Safe on every node at once. Answers how many rows. */
export async function sweepSecrets(ctx: Ctx): Promise<number> {
  return (await expire(ctx)) + (await clearLingering(ctx.world)) + (await removeGone(ctx.world))
}

/** Burns what hangs on these epochs, whose keys are lost: nobody can open it any more. Answers how many secrets. */
export async function burnLost(ctx: Ctx, epochs: readonly string[]): Promise<number> {
  const { sql } = ctx.world.db
  const due = sql`
    select id from secrets where epoch_id = any(${epochs}::text[]) and state in ('new', 'viewed')
    limit ${most} for update`
  let burned = 0
  for (let ended = most; ended === most; burned += ended)
    ended = (await ending(sql, ctx, { due, state: 'burned', at: sql`now()` })).length
  await sql`
    update secrets set ${emptied(sql)} where epoch_id = any(${epochs}::text[])
      and (replay_key is not null or ticket_key is not null)`
  return burned
}
