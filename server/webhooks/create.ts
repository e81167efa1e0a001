import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { actorRef } from '../context.ts'
import { record } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { mustBeUrl, newSecret } from './making.ts'
import { sealText } from './sealing.ts'
import { findWebhook, mostWebhooks, projectFor, shownWebhook } from './webhook.ts'

/** Makes a webhook. Its signing secret is in this answer and nowhere else, ever. */
export const create: Verb<typeof contract.webhooks.create> = (ctx, { url, description, events }) => {
  const { world, actor } = ctx
  const projectId = projectFor(actor)
  mustBeUrl(world, url)
  return withNewestKey(world, () =>
    once(ctx, 'webhooks.create', (sql) =>
      atomically(sql, async (tx) => {
        // Held, so that two who make the last one take turns.
        await tx`select from projects where id = ${projectId} for no key update`
        const [count] = await tx<{ all: number }[]>`
          select count(*)::int as all from webhooks where project_id = ${projectId}`
        if ((count?.all ?? 0) >= mostWebhooks) refuse('TOO_MANY_WEBHOOKS')
        const [id, secret] = [newId(), newSecret()]
        const sealed = sealText(world, { id, projectId, column: 'url' }, url)
        const { sealed: sealedSecret } = sealText(world, { id, projectId, column: 'secret' }, secret)
        await tx`
          insert into webhooks (id, project_id, description, url, secret, generation, events, created_by)
          values (${id}, ${projectId}, ${description}, ${sealed.sealed}, ${sealedSecret}, ${sealed.generation}, ${events},
            ${tx.json(actorRef(actor))})`
        const payload = { webhook_id: id, description }
        await record(tx, ctx, { name: 'webhook.created', projectId, target: `webhook:${id}`, payload })
        const made = (await findWebhook(tx, projectId, id)) ?? refuse('NOT_FOUND')
        return { ...(await shownWebhook(world, made)), secret }
      }),
    ),
  )
}
