import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { record } from '../events/event.ts'
import { canonical } from '../lib/canonical.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn } from '../mails/mail.ts'
import { endWaiting } from '../outbox/delivery.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { addressFor, tokenFor } from './address.ts'
import { type ChannelRow, findChannel, present } from './channel.ts'
import { openTarget, sealTarget, type Target } from './sealing.ts'

type Wish = Parameters<Verb<typeof contract.channels.update>>[1]

/** Where the channel is from now on. A token is for one server: it never goes along to another address. */
function targetFor(was: Target, wish: Wish, next: string | undefined): Target {
  const address = next ?? was.address
  const kept = address === was.address ? was.token : null
  return { address, token: wish.token === undefined ? kept : wish.token }
}

const changesIn = (row: ChannelRow, was: Target, now: Target, wish: Wish): string[] => [
  ...(wish.name !== undefined && wish.name !== row.name ? ['name'] : []),
  ...(now.address === was.address ? [] : ['address']),
  ...(now.token === was.token ? [] : ['token']),
  ...(wish.events !== undefined && canonical(wish.events.toSorted()) !== canonical(row.events.toSorted())
    ? ['events']
    : []),
  ...(wish.enabled !== undefined && wish.enabled !== (row.disabled_at === null) ? ['enabled'] : []),
]

/** Changes what was sent of a channel. Switched on again it begins anew: nothing has failed yet. */
export const update: Verb<typeof contract.channels.update> = async (ctx, wish) => {
  const { world } = ctx
  const projectId = liveProjectOf(ctx.actor)
  const changed = await withNewestKey(world, () =>
    atomically(world.db.sql, async (tx) => {
      const row = await findChannel(tx, projectId, wish.channel_id, true)
      if (row.kind === 'mail' && wish.enabled === true && !mailIsOn(world)) refuse('MAIL_OFF')
      tokenFor(row.kind, wish.token ?? null)
      const was = await openTarget(world, row)
      const now = targetFor(was, wish, wish.address && addressFor(world, row.kind, wish.address))
      const fields = changesIn(row, was, now, wish)
      if (fields.length === 0) return row
      const { address, generation } = sealTarget(world, row, now)
      const begins = wish.enabled === true || fields.includes('address')
      await tx`
        update channels set name = ${wish.name ?? row.name}, address = ${address}, generation = ${generation},
          events = ${wish.events ?? row.events},
          disabled_at = case when ${wish.enabled ?? null}::boolean then null
            when ${wish.enabled ?? null}::boolean = false then coalesce(disabled_at, now()) else disabled_at end,
          disabled_for = case when ${wish.enabled ?? null}::boolean then null
            when ${wish.enabled ?? null}::boolean = false then coalesce(disabled_for, 'by_hand') else disabled_for end,
          failing_since = case when ${begins} then null else failing_since end
        where id = ${row.id}`
      // What another service called its messages means nothing here, and what is sealed under another generation does not open.
      if (begins || generation !== row.generation) await tx`delete from messages where channel_id = ${row.id}`
      if (fields.includes('enabled') && !wish.enabled) await endWaiting(tx, { webhook_id: null, channel_id: row.id })
      const payload = { channel_id: row.id, name: wish.name ?? row.name, fields }
      await record(tx, ctx, { name: 'channel.changed', projectId, target: `channel:${row.id}`, payload })
      return findChannel(tx, projectId, row.id)
    }),
  )
  return present(world, changed)
}
