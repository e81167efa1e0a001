import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { mustStillWork } from '../keys/works.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import { judge, rulesOf } from '../policies/verdict.ts'
import type { Verb } from '../verb.ts'
import { answerAtOnce, askerOf, askPerson, isTrying } from './fresh.ts'
import { type PermissionRow, present } from './permission.ts'
import { mailDeciders } from './request-mail.ts'

type Wish = z.output<typeof contract.permissions.request.input>
type Asker = Ctx<KeyActor | PersonActor>

const testKey = { type: 'system', id: null, name: 'test key' } as const

const notStored = (): never => {
  throw new Error('The answer was not stored.')
}

/** What a test key is answered (seed 2): yes to everything, but a no to whoever tries out a no. */
async function ofTestKey(sql: Sql, ctx: Asker, wish: Wish): Promise<PermissionRow> {
  const denied = wish.context._test_deny === true
  const row = await answerAtOnce(sql, ctx, wish, {
    answer: denied ? 'denied' : 'approved',
    by: testKey,
    reason: denied ? 'context._test_deny asked for a no.' : null,
    granted: null,
    rule: null,
  })
  return row ?? notStored()
}

/** Has the policies answer, or a person asked. Judges again when the policy that answered changed meanwhile. */
async function ofPolicies(sql: Sql, ctx: Asker, wish: Wish): Promise<PermissionRow> {
  for (;;) {
    const { action, resource = null, scope } = wish
    const verdict = judge(await rulesOf(sql, ctx.actor.projectId), { action, resource, scope, ...askerOf(ctx) })
    const { rule } = verdict
    if (verdict.effect === 'require_approval' || !rule)
      return atomically(sql, async (tx) => {
        await mustStillWork(tx, ctx.actor)
        const row = await askPerson(tx, ctx, wish)
        await mailDeciders(tx, ctx, row)
        return row
      })
    const row = await answerAtOnce(sql, ctx, wish, {
      answer: verdict.effect === 'deny' ? 'denied' : 'approved',
      by: { type: 'policy', id: rule.id, name: rule.name },
      reason: verdict.reason,
      granted: rule.scope_template ? verdict.scope : null,
      rule,
    })
    if (row) return row
  }
}

/**
 * Asks for exactly one thing (seed 2). A test key is allowed it, a policy answers, or a person is asked; a no is on record
 * before it is refused.
 */
export const request: Verb<typeof contract.permissions.request> = async (ctx, input) => {
  const answer = await once(ctx, 'permissions.request', async (sql) => {
    return present(ctx, await (isTrying(ctx) ? ofTestKey : ofPolicies)(sql, ctx, input))
  })
  if (answer.status === 'denied') {
    const { id, status, env, reason } = answer
    refuse('PERMISSION_DENIED', {
      sentence: reason ? `The permission was denied: ${reason}` : undefined,
      details: { id, status, env, reason },
    })
  }
  return answer
}
