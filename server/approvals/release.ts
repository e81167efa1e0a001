import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { Refusal, refuse } from '../../shared/errors.ts'
import { openSeed } from '../accounts/sealing.ts'
import type { Ctx, KeyActor } from '../context.ts'
import { openText } from '../kept/sealing.ts'
import { reaches } from '../keys/reach.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { codeOf, startOf, stepAt } from '../lib/totp.ts'
import { once } from '../once.ts'
import type { CtxOf, Verb } from '../verb.ts'
import { findApproval } from './approval.ts'
import { mustBeReleased, type Releasing, whyNot } from './released.ts'
import { type Taken, takeRelease } from './taking.ts'

type Entry = typeof contract.approvals.release
type Input = z.output<Entry['input']>
type Answer = z.input<Entry['output']>

/** Seconds in which a reply that was lost comes once more, under its Idempotency-Key and to the same key. */
const replaySeconds = 60

/** The approval, for the line of keys that asked. Who asked is told first: to anybody else it makes no difference what it releases. */
async function findForAsker(sql: Sql, { actor }: CtxOf<Entry>, { approval_id, action_hash }: Input) {
  const row = await findApproval(sql, actor.projectId, approval_id)
  if (!row || !reaches(actor.keyPaths, row.key_path))
    return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  if (actor.type !== 'key' || row.key_family !== actor.family) return refuse('NOT_THE_ASKER')
  if (action_hash !== undefined && action_hash !== row.action_hash) refuse('ACTION_CHANGED')
  return row
}

/** What leaves, opened only now that the reading is counted and told. */
async function opened(ctx: Ctx<KeyActor>, taken: Taken, now: Date): Promise<Omit<Answer, 'expires_at'>> {
  const { world, actor } = ctx
  if (taken.kind === 'value') return { kind: 'value', value: taken.text }
  const { id, sealed, generation } = taken
  const place = { id, projectId: actor.projectId }
  if (taken.kind === 'secret') return { kind: 'secret', secret: await openText(world, place, { sealed, generation }) }
  const seed = await openSeed(world, place, { seed: sealed, keyVersion: generation })
  const step = stepAt(now, taken.period)
  return {
    kind: 'codes',
    code: codeOf(seed, taken, step),
    code_expires_at: startOf(step + 1, taken.period).toISOString(),
    codes_left: taken.left ?? 0,
  }
}

async function read(sql: Sql, ctx: Ctx<KeyActor>, row: Releasing): Promise<Answer> {
  if ('value' in row.release && !reaches(ctx.actor.keyPaths, row.release.value)) refuse('KEY_PATH_NOT_ALLOWED')
  const now = ctx.world.clock.now()
  const taken = await takeRelease(sql, ctx, row, now)
  if (!taken)
    return refuse('NOT_FOUND', {
      sentence: 'What this approval releases is gone: it was deleted, or this key may not use it any more.',
    })
  if (!taken.works) refuse('EXPIRED_API_KEY')
  if (!taken.here) refuse('KEY_MISSING')
  if (taken.left === null || !taken.until) return whyNot(sql, row, 'period' in taken ? taken.period : undefined, now)
  return { ...(await opened(ctx, taken, now)), expires_at: taken.until.toISOString() }
}

/**
 * Reads what an approval releases, once: only by the line of keys that asked, only after a yes, only in time. With an
 * Idempotency-Key a lost reply comes again for a minute. What is under a sealing key that is not here uses nothing up.
 */
export const release: Verb<Entry> = async (ctx, input) => {
  const attempt = () =>
    once(
      ctx,
      'approvals.release',
      async (sql) => {
        const found = await findForAsker(sql, ctx, input)
        // Of a key, as `findForAsker` saw.
        return read(sql, ctx as Ctx<KeyActor>, mustBeReleased(found))
      },
      replaySeconds,
    )
  try {
    return await attempt()
  } catch (fault) {
    if (!(fault instanceof Refusal && fault.code === 'KEY_MISSING')) throw fault
    // A generation that this node has not heard of yet. Not inside: a transaction holds a connection, and this needs one.
    await ctx.world.vault.refresh()
    return attempt()
  }
}
