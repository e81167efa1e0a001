import { otpauthUri } from '../../shared/otpauth.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { base32Of } from '../lib/totp.ts'
import type { AccountRow } from './account.ts'
import type { Asker } from './reach.ts'
import { openSeed } from './sealing.ts'

/** A seed in the two ways that other apps take it. */
export type LeavingSeed = { secret: string; otpauth_uri: string }

/**
 * The seeds of accounts, in their order: the only way out. They are opened first, so that nothing is told of what a missing key
 * keeps here, and handed over once one audit row with all the ids is kept. Refuses KEY_MISSING.
 */
export async function letOut(ctx: Ctx<Asker>, rows: readonly AccountRow[]): Promise<LeavingSeed[]> {
  const { world, actor } = ctx
  const leaving: LeavingSeed[] = []
  for (const row of rows) {
    const { id, project_id: projectId, seed, key_version: keyVersion, name, issuer, algorithm, digits, period } = row
    const secret = base32Of(await openSeed(world, { id, projectId }, { seed, keyVersion }))
    leaving.push({ secret, otpauth_uri: otpauthUri({ name, issuer, secret, algorithm, digits, period }) })
  }
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0)
    await record(world.db.sql, ctx, {
      name: 'account.exported',
      projectId: actor.projectId,
      target: ids.length === 1 ? `account:${ids[0]}` : `project:${actor.projectId}`,
      payload: { account_ids: ids },
    })
  return leaving
}
