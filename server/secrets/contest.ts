import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { mailContested, noticing } from './notices.ts'
import type { SecretRow } from './secret.ts'

/** Tells, once, that somebody came for a secret which was read already. */
export async function contest(ctx: Ctx, row: SecretRow): Promise<void> {
  if (row.contested_at !== null) return
  await noticing(ctx, row, async (tx) => {
    const [contested] = await tx<{ ended_at: Date; contested_at: Date }[]>`
      with contested as (
        update secrets set contested_at = clock_timestamp()
        where id = ${row.id} and state = 'received' and contested_at is null
        returning id, project_id, ended_at, contested_at
      ), told as (${telling(tx, ctx, {
        name: 'secret.contested',
        target: tx`'secret:' || id`,
        payload: tx`jsonb_build_object('secret_id', id)`,
        from: tx`contested`,
      })})
      select ended_at, contested_at from contested`
    if (contested) await mailContested(tx, ctx, { ...row, ...contested })
  })
}
