import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { newSecret } from './making.ts'
import { sealText } from './sealing.ts'
import { findWebhook, projectFor, secretsOf, urlOf } from './webhook.ts'

/** Makes a new signing secret. The one from before signs as well, until the grace is over. */
export const rotate: Verb<typeof contract.webhooks.rotate> = (ctx, { webhook_id, grace_seconds }) => {
  const { world, actor } = ctx
  const projectId = projectFor(actor)
  return withNewestKey(world, () =>
    once(ctx, 'webhooks.rotate', (sql) =>
      atomically(sql, async (tx) => {
        const row = (await findWebhook(tx, projectId, webhook_id, true)) ?? refuse('NOT_FOUND')
        const [secret, [before = '']] = [newSecret(), await secretsOf(world, row)]
        const place = { id: row.id, projectId }
        const url = sealText(world, { ...place, column: 'url' }, await urlOf(world, row))
        const sealed = (column: 'secret' | 'previous_secret', text: string) =>
          sealText(world, { ...place, column }, text).sealed
        const [changed] = await tx<{ until: Date | null }[]>`
          update webhooks set url = ${url.sealed}, generation = ${url.generation}, secret = ${sealed('secret', secret)},
            previous_secret = ${grace_seconds === 0 ? null : sealed('previous_secret', before)},
            previous_until = now() + make_interval(secs => ${grace_seconds || null})
          where id = ${row.id} returning previous_until as until`
        const payload = { webhook_id: row.id, description: row.description, grace_seconds }
        await record(tx, ctx, { name: 'webhook.rotated', projectId, target: `webhook:${row.id}`, payload })
        return { id: row.id, secret, rotates_until: changed?.until?.toISOString() ?? null }
      }),
    ),
  )
}
