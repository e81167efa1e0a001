import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { createdApproval } from '../../shared/contract/approval.ts'
import type { contract } from '../../shared/contract/index.ts'
import { type Actor, actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { hashPin } from '../lib/pin.ts'
import { makeLinkToken, randomDigits } from '../lib/token.ts'
import { storing } from '../values/value.ts'
import { actionHashOf, linkDigest } from './approval.ts'
import { groupsOf, namesOf, shownOf } from './shown.ts'

type Wish = z.output<typeof contract.approvals.create.input>

/** Makes the approval in a project and answers it with its link, its PIN and its number, which are shown only here. */
export async function makeApproval(
  sql: Sql,
  ctx: Ctx,
  projectId: string,
  wish: Wish,
  channels: readonly string[] = [],
): Promise<z.input<typeof createdApproval>> {
  const { world } = ctx
  const id = newId()
  const token = makeLinkToken()
  const pin = wish.pin === 'generate' ? randomDigits(6) : wish.pin
  const matchNumber = wish.match_number ? randomDigits(3) : null
  const shown = shownOf(id, wish)
  const hash = actionHashOf(shown)
  const pinHash = pin === undefined ? null : await hashPin(world.keys.pepper, pin)
  const by = sql.json(actorRef(ctx.actor))
  const jsonOf = (value: unknown) => (value === undefined ? null : sql.json(value as never))
  const [row] = await sql<{ expires_at: Date }[]>`
    with made as (
      insert into approvals (id, project_id, link_digest, key_path, actions, info, ref_id, payload, action_hash, pin_hash,
        match_number, comment, link, approvers, groups, passkey, release, channels, maker_id, key_family, created_by, expires_at)
      values (${id}, ${projectId}, ${linkDigest(world, token)}, ${wish.key_path}, ${sql.json(shown.actions)}, ${shown.info},
        ${shown.ref_id}, ${jsonOf(shown.payload ?? undefined)}, ${hash}, ${pinHash},
        ${matchNumber}, ${wish.comment}, ${shown.link ?? 'bearer'}, ${namesOf(wish) ?? null},
        ${jsonOf(groupsOf(wish))}, ${wish.passkey}, ${jsonOf(shown.release)},
        ${channels.length === 0 ? null : [...channels]},
        ${makerOf(ctx.actor)}, ${ctx.actor.type === 'key' ? ctx.actor.family : null}, ${by},
        now() + make_interval(secs => ${wish.ttl_seconds}::float8))
      returning id, project_id, key_path, ref_id, expires_at
    ), ${initially(sql, ctx, wish.initial_value)} told as (${telling(sql, ctx, {
      name: 'approval.created',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
      from: sql`made`,
    })})
    select expires_at from made`
  if (!row) throw new Error('The approval was not stored.')
  return {
    approval_id: id,
    url: `${world.config.publicUrl}/a/${token}`,
    ...(shown.link ? { approval_url: `${world.config.publicUrl}/p/${projectId}?open=${id}` } : {}),
    expires_at: row.expires_at.toISOString(),
    status: 'pending',
    action_hash: hash,
    ...(wish.pin === 'generate' ? { pin } : {}),
    ...(matchNumber === null ? {} : { match_number: matchNumber }),
  }
}

/** The person behind who asks: of a key whoever made it. */
export const makerOf = (actor: Actor): string | null =>
  actor.type === 'key' ? actor.makerId : actor.type === 'person' ? actor.id : null

/** The CTEs that store `initial_value` beside the approval; nothing without one. */
function initially(sql: Sql, ctx: Ctx, value: string | undefined): Fragment {
  if (value === undefined) return sql``
  return sql`
    given as (
      select project_id, key_path, ${newId()} as new_id, ${value} as new_value, ${sql.json(actorRef(ctx.actor))}::jsonb as new_by,
        id as by_approval
      from made
    ), ${storing(sql, sql`given`)}, told_value as (${telling(sql, ctx, {
      name: 'value.set',
      target: sql`'value:' || key_path`,
      payload: sql`jsonb_build_object('key_path', key_path, 'version', version)`,
      from: sql`stored`,
    })}),`
}
