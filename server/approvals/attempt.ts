import { attemptsAllowed } from '../../shared/contract/approval.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { sameText } from '../lib/crypto.ts'
import { checkPin } from '../lib/pin.ts'
import { type ApprovalRow, attemptsLeft, mustBePending } from './approval.ts'

type Guess = { pin?: string | undefined; match_number?: string | undefined }

/**
 * Checks PIN and number of one guess. The attempt is reserved and committed before anything is compared, so that racing
 * guesses cannot be more than five; the fifth wrong one locks. Refuses unless the guess is right.
 */
export async function spendAttempt(
  ctx: Ctx,
  row: ApprovalRow,
  find: () => Promise<ApprovalRow | undefined>,
  guess: Guess,
): Promise<void> {
  if (row.pin_hash !== null && guess.pin === undefined) refuse('PIN_REQUIRED')
  if (row.match_number !== null && guess.match_number === undefined) refuse('MATCH_NUMBER_REQUIRED')
  const { sql } = ctx.world.db
  const [reserved] = await sql<{ attempts: number }[]>`
    update approvals set attempts = attempts + 1, attempted_at = now()
    where id = ${row.id} and status = 'pending' and expires_at > clock_timestamp() and attempts < ${attemptsAllowed}
    returning attempts`
  if (!reserved) {
    mustBePending(await find())
    return refuse('LOCKED')
  }
  const pinHolds = row.pin_hash === null || (await checkPin(ctx.world.keys.pepper, guess.pin ?? '', row.pin_hash))
  const numberHolds = row.match_number === null || sameText(guess.match_number ?? '', row.match_number)
  if (pinHolds && numberHolds) return row.groups === null ? undefined : giveBack(ctx, row.id)
  await tellWrong(ctx, row, reserved.attempts)
  if (attemptsLeft(reserved) === 0) mustBePending(await find())
  refuse(pinHolds ? 'WRONG_MATCH_NUMBER' : 'WRONG_PIN', { details: { attempts_left: attemptsLeft(reserved) } })
}

/** Where several must agree a right guess is no end: what is left is for wrong ones, of which there are five at most as ever. */
async function giveBack({ world }: Ctx, id: string): Promise<void> {
  await world.db.sql`update approvals set attempts = attempts - 1 where id = ${id} and status = 'pending'`
}

/** Tells of a wrong guess; the last one also locks the approval, unless its time is up already. */
async function tellWrong(ctx: Ctx, row: ApprovalRow, attempts: number): Promise<void> {
  const { sql } = ctx.world.db
  const target = sql`'approval:' || id`
  const facts = sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`
  const left = Math.max(0, attemptsAllowed - attempts)
  await sql`
    with failed as (
      select id, project_id, key_path, ref_id from approvals where id = ${row.id}
    ), locked as (
      update approvals set status = 'locked', ended_at = clock_timestamp(), ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb
      where id = ${row.id} and status = 'pending' and expires_at > clock_timestamp() and ${left} = 0
      returning id, project_id, key_path, ref_id
    ), told_failed as (${telling(sql, ctx, {
      name: 'approval.pin_failed',
      target,
      payload: sql`${facts} || jsonb_build_object('attempts_left', ${left}::int)`,
      from: sql`failed`,
    })}), told_locked as (${telling(sql, ctx, { name: 'approval.locked', target, payload: facts, from: sql`locked` })})
    select 1`
}
