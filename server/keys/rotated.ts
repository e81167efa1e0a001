import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { findKey, type KeyRow } from './key.ts'
import { makeKey } from './made.ts'
import { mustBeWithin } from './reach.ts'

/** When the successor ends: after as long a life as the old key was given, and no later than the key that asks for it. */
function endOfSuccessor({ actor, world }: Ctx, { created_at, expires_at }: KeyRow): Date | null {
  const own = actor.type === 'key' ? actor.expiresAt : null
  if (!expires_at) return own
  const end = new Date(world.clock.now().getTime() + expires_at.getTime() - created_at.getTime())
  return own && own < end ? own : end
}

/**
 * Makes a key like an old one, with a new text; the old one ends after `grace` seconds. Whoever rotates is given a text
 * that opens all that the key may, so they must hold it all themselves. `undefined` when the project has no such key;
 * refuses KEY_ENDED, also when it was rotated already, and INSUFFICIENT_SCOPE.
 */
export const rotateKey = (
  sql: Sql,
  ctx: Ctx,
  projectId: string,
  id: string,
  grace: number,
): Promise<(KeyRow & { key: string }) | undefined> =>
  atomically(sql, async (tx) => {
    const held = await findKey(tx, projectId, id, true)
    if (!held) return undefined
    if (held.status === 'revoked' || held.status === 'expired') refuse('KEY_ENDED')
    if (held.replaced_by !== null)
      refuse('KEY_ENDED', { sentence: 'This key was rotated already; rotate the one that took its place.' })
    const like = {
      scopes: held.scopes,
      env: held.env,
      keyPaths: held.key_paths,
      accountTags: held.account_tags,
      ipAllowlist: held.ip_allowlist,
      expiresAt: endOfSuccessor(ctx, held),
    }
    if (ctx.actor.type === 'key' || (ctx.actor.type === 'person' && 'role' in ctx.actor)) mustBeWithin(ctx.actor, like)
    const made = await makeKey(tx, ctx, {
      ...like,
      projectId,
      name: held.name,
      description: held.description,
      transports: held.transports,
      logging: held.logging,
      loggingUntil: held.logging_until,
      lifetime: null,
      family: held.family,
      agentId: held.agent_id,
    })
    await tx`
      update api_keys set replaced_by = ${made.id},
        expires_at = least(expires_at, now() + make_interval(secs => ${grace}::float8))
      where id = ${held.id}`
    const payload = { key_id: held.id, name: held.name, new_key_id: made.id, grace_seconds: grace }
    await record(tx, ctx, { name: 'key.rotated', projectId, target: `key:${held.id}`, payload })
    return made
  })
