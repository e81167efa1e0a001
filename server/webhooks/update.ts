import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { endWaiting } from '../outbox/delivery.ts'
import type { Verb } from '../verb.ts'
import type { World } from '../world.ts'
import { mustBeUrl } from './making.ts'
import { sealText } from './sealing.ts'
import { findWebhook, projectFor, secretsOf, shownWebhook, urlOf, type WebhookRow } from './webhook.ts'

type Change = z.output<typeof contract.webhooks.update.input>

/** What a wish changes, by the names of the contract. */
async function changesIn(world: World, wish: Change, row: WebhookRow): Promise<string[]> {
  const was: Record<string, unknown> = {
    url: await urlOf(world, row),
    description: row.description,
    events: row.events,
    enabled: row.disabled_at === null,
  }
  const { webhook_id: _, ...fields } = wish
  return Object.entries(fields).flatMap(([name, value]) =>
    value !== undefined && JSON.stringify(value) !== JSON.stringify(was[name]) ? [name] : [],
  )
}

/** What a row has sealed, under the newest generation, with another address if one was given: all is under one. */
async function sealedAnew(world: World, row: WebhookRow, url: string | undefined) {
  const place = { id: row.id, projectId: row.project_id }
  const [secret = '', previous] = await secretsOf(world, row)
  const sealed = sealText(world, { ...place, column: 'url' }, url ?? (await urlOf(world, row)))
  return {
    url: sealed.sealed,
    generation: sealed.generation,
    secret: sealText(world, { ...place, column: 'secret' }, secret).sealed,
    previous: previous === undefined ? null : sealText(world, { ...place, column: 'previous_secret' }, previous).sealed,
  }
}

/** Changes the fields that are sent. Switched off, nothing that waits for it is sent any more. */
export const update: Verb<typeof contract.webhooks.update> = (ctx, wish) => {
  const { world, actor } = ctx
  const projectId = projectFor(actor)
  if (wish.url !== undefined) mustBeUrl(world, wish.url)
  return withNewestKey(world, () =>
    atomically(world.db.sql, async (tx) => {
      const row = (await findWebhook(tx, projectId, wish.webhook_id, true)) ?? refuse('NOT_FOUND')
      const fields = await changesIn(world, wish, row)
      if (fields.length === 0) return shownWebhook(world, row)
      const sealed = await sealedAnew(world, row, wish.url)
      const description = wish.description ?? row.description
      await tx`
        update webhooks set url = ${sealed.url}, secret = ${sealed.secret}, previous_secret = ${sealed.previous},
          generation = ${sealed.generation}, description = ${description},
          events = ${wish.events === undefined ? row.events : wish.events}
        where id = ${row.id}`
      if (fields.includes('enabled'))
        await tx`
          update webhooks set failing_since = null,
            disabled_at = case when not ${wish.enabled === true} then now() end,
            disabled_for = case when not ${wish.enabled === true} then 'by_hand' end
          where id = ${row.id}`
      if (fields.includes('enabled') && !wish.enabled) await endWaiting(tx, { webhook_id: row.id, channel_id: null })
      const payload = { webhook_id: row.id, description, fields }
      await record(tx, ctx, { name: 'webhook.changed', projectId, target: `webhook:${row.id}`, payload })
      return shownWebhook(world, (await findWebhook(tx, projectId, row.id)) ?? refuse('NOT_FOUND'))
    }),
  )
}
