import type { Action, Group } from '../../drizzle/schema/approvals.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx, type PersonActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import type { Deciding, Decision } from './deciding.ts'
import { execute, type Proofs, takes } from './executing.ts'
import { isReached, placesFilled, type Vote, votesOf } from './quorum.ts'

/** A vote is given by name, always. */
export type ByVote = Deciding & { byName: PersonActor }

/**
 * Gives a vote on approval `id`, or changes it, and executes the action when that was the last one it needed; undefined when
 * it was not taken. One transaction: whose membership counts is held before the approval, as who disables somebody holds
 * them, so the two never wait for each other. Votes on one approval take turns, so nobody's is missed.
 */
export async function giveVote(
  ctx: Ctx<PersonActor>,
  of: ByVote,
  id: string,
  input: Decision,
  proven: Proofs,
): Promise<'executed' | 'pending' | undefined> {
  return atomically(ctx.world.db.sql, async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`approvals.vote ${id}`}, 0))`
    await tx`
      select 1 from memberships m join votes v on v.person_id = m.person_id
      where v.approval_id = ${id} and m.project_id = ${of.byName.liveProjectId}
      order by m.person_id for share of m`
    if (!(await stored(tx, ctx, of, input, proven))) return undefined
    const deciders = await whoDecides(tx, id, of.byName.id, input.action)
    if (deciders.length === 0) return 'pending'
    await tx`update votes set counted = true where approval_id = ${id} and person_id = any (${deciders}::text[])`
    // All else is held: only its time can have ended since the vote was written, which goes with this refusal.
    return (await execute(tx, ctx, of, input, proven, 'last vote')) ? 'executed' : refuse('APPROVAL_EXPIRED')
  })
}

/** Writes the vote where the approval takes it. The same one again is taken, and not told of twice. */
async function stored(tx: Sql, ctx: Ctx<PersonActor>, of: ByVote, input: Decision, proven: Proofs): Promise<boolean> {
  const evidence = tx.json({ ip: ctx.ip, user_agent: ctx.userAgent, dwell_ms: of.dwell })
  const held = await tx`
    with held as (
      update approvals a set voted_at = clock_timestamp()
      where ${takes(tx, of, input, proven)} and groups is not null
      returning id, project_id, key_path, ref_id, passkey
    ), written as (
      insert into votes as was (approval_id, person_id, action, comment, by, evidence, passkey, at)
      select id, ${of.byName.id}, ${input.action}, ${input.comment?.trim() || null}, ${tx.json(actorRef(ctx.actor))}::jsonb,
        ${evidence}::jsonb, passkey, clock_timestamp()
      from held
      on conflict (approval_id, person_id) do update set action = excluded.action, comment = excluded.comment,
        by = excluded.by, evidence = excluded.evidence, passkey = excluded.passkey, at = excluded.at
      where (was.action, was.comment) is distinct from (excluded.action, excluded.comment)
      returning approval_id
    ), told as (${telling(tx, ctx, {
      name: 'approval.voted',
      target: tx`'approval:' || id`,
      payload: tx`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id, 'action', ${input.action}::text)`,
      from: tx`held join written on approval_id = id`,
    })})
    select id from held`
  return held.length === 1
}

/** The pure rule, over what everybody who voted is at this moment: who decides, when this person's vote for `action` ends it; nobody, when it does not. */
async function whoDecides(tx: Sql, id: string, personId: string, action: string): Promise<string[]> {
  const [row] = await tx<{ actions: Action[]; groups: Group[]; votes: Vote[] }[]>`
    select a.actions, a.groups, ${votesOf(tx)} as votes from approvals a where a.id = ${id}`
  if (!row) throw new Error('An approval that is held is gone.')
  const chosen = row.actions.find(({ key }) => key === action)
  const counts = row.votes.some((vote) => vote.person_id === personId && vote.role !== null)
  if (!counts || !chosen) return []
  if (isVeto(chosen)) return [personId]
  const agreed = row.votes.filter((vote) => vote.action === action && vote.role !== null)
  return isReached(row.groups, placesFilled(row.groups, agreed)) ? agreed.map((vote) => vote.person_id) : []
}

/** One person who chooses this ends it. */
const isVeto = ({ veto, style }: Action): boolean => veto ?? style === 'danger'
