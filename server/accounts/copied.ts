import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { reached } from './reach.ts'

/** Tells that a code was taken to the clipboard, and keeps the account at hand for whoever took it. */
export const copied: Verb<typeof contract.accounts.copied> = async (ctx, { accountId }) => {
  const { sql } = ctx.world.db
  const [taken] = await sql`
    with taken as ( -- held, so that its mark is not of an account that is being deleted
      select id, project_id, name from accounts where id = (select id from (${reached(sql, ctx.actor)}) mine
        where id = ${accountId}) for key share
    ), marked as (
      insert into account_marks (person_id, account_id, used_at) select ${ctx.actor.id}, id, now() from taken
      on conflict (person_id, account_id) do update set used_at = excluded.used_at
    ), told as (${telling(sql, ctx, {
      name: 'account.code_copied',
      target: sql`'account:' || id`,
      payload: sql`jsonb_build_object('account_id', id, 'name', name)`,
      from: sql`taken`,
    })})
    select id from taken`
  if (!taken) refuse('NOT_FOUND', { sentence: 'There is no such account among those you may use.' })
}
