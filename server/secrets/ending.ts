import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { isOpen, type SecretRow } from './secret.ts'
import { emptied } from './sweep.ts'

/**
 * Ends a secret that nobody has read, in one statement with what it holds: keys, text and file. Again is as good as once.
 * Answers the row as it is then, and whether it was this call that burned it. Refuses NOT_FOUND for one that was read or has expired, and where `find` finds none.
 */
export async function burnSecret(
  ctx: Ctx,
  find: () => Promise<SecretRow | undefined>,
): Promise<{ row: SecretRow; first: boolean }> {
  const before = await find()
  const first = before !== undefined && isOpen(before) && (await burn(ctx, before))
  const row = before && isOpen(before) ? await find() : before
  return row?.state === 'burned'
    ? { row, first }
    : refuse('NOT_FOUND', { sentence: 'There is no such secret that can be burned.' })
}

/** Its clock is read when the row is held: what expired while this waited for it has expired. */
async function burn(ctx: Ctx, { id }: SecretRow): Promise<boolean> {
  const { sql } = ctx.world.db
  const burned = await sql`
    with burned as (
      update secrets set state = 'burned', ended_at = clock_timestamp(), updated_at = clock_timestamp(),
        ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb, ${emptied(sql)}
      where id = ${id} and state in ('new', 'viewed') and expires_at > clock_timestamp()
      returning id, project_id
    ), emptied as (
      delete from secret_parts where secret_id in (select id from burned)
    ), told as (${telling(sql, ctx, {
      name: 'secret.burned',
      target: sql`'secret:' || id`,
      payload: sql`jsonb_build_object('secret_id', id)`,
      from: sql`burned`,
    })})
    select id from burned`
  return burned.length > 0
}
