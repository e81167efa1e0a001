import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { reached } from './reach.ts'

/** Keeps an account at the top of somebody's own page, or no longer. Changes nothing for anybody else, so nothing is told of it. */
export const pin: Verb<typeof contract.accounts.pin> = async (ctx, { accountId, pinned }) => {
  const { sql } = ctx.world.db
  const [marked] = await sql`
    with held as ( -- so that its mark is not of an account that is being deleted
      select id from accounts where id = (select id from (${reached(sql, ctx.actor)}) mine where id = ${accountId})
      for key share
    )
    insert into account_marks (person_id, account_id, pinned) select ${ctx.actor.id}, id, ${pinned} from held
    on conflict (person_id, account_id) do update set pinned = excluded.pinned
    returning account_id`
  if (!marked) refuse('NOT_FOUND', { sentence: 'There is no such account among those you may use.' })
}
