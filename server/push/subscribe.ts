import { createECDH } from 'node:crypto'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { record } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { outboundOf } from '../outbox/outbound.ts'
import type { Verb } from '../verb.ts'
import { sealBrowser } from './sealing.ts'
import { endpointDigest, findOwn, forget, mostBrowsers, present } from './subscription.ts'

/** Whether a point is on the curve: another one would fail each time something is sent. */
function isPoint(p256dh: string): boolean {
  try {
    const curve = createECDH('prime256v1')
    curve.generateKeys()
    curve.computeSecret(p256dh, 'base64url')
    return true
  } catch {
    return false
  }
}

const wrong = (path: string, message: string) => refuse('INVALID_INPUT', { issues: [{ path, message }] })

/**
 * Tells a browser of the asker's from now on. It belongs to one person at a time: whoever signs in on it after somebody else
 * takes it over in every project, so that nobody reads what is meant for another. Again with the same browser changes its keys.
 */
export const subscribe: Verb<typeof contract.push.subscribe> = async (ctx, { name, endpoint, keys }) => {
  const { world, actor } = ctx
  const projectId = actor.liveProjectId
  if (outboundOf(world).faultOfUrl(endpoint)) wrong('endpoint', 'Must be the https URL of a push service.')
  if (!isPoint(keys.p256dh)) wrong('keys.p256dh', 'Must be a P-256 public key as base64url.')
  const digest = endpointDigest(world, endpoint)
  return withNewestKey(world, () =>
    atomically(world.db.sql, async (tx) => {
      await tx`select 1 from people where id = ${actor.id} for no key update`
      await forget(tx, ctx, tx`s.digest = ${digest} and s.person_id <> ${actor.id}`, 'taken_over')
      const [known] = await tx<{ id: string; count: number }[]>`
        select max(id) filter (where digest = ${digest}) as id, count(*)::int as count from push_subscriptions
        where project_id = ${projectId} and person_id = ${actor.id}`
      if (!known?.id && (known?.count ?? 0) >= mostBrowsers) refuse('TOO_MANY_BROWSERS')
      const id = known?.id ?? newId()
      const { sealed, generation } = sealBrowser(world, id, { endpoint, keys })
      await tx`
        insert into push_subscriptions (id, person_id, project_id, digest, sealed, generation, name)
        values (${id}, ${actor.id}, ${projectId}, ${digest}, ${sealed}, ${generation}, ${name})
        on conflict (project_id, person_id, digest) do update
          set sealed = excluded.sealed, generation = excluded.generation, name = excluded.name, failing = false`
      const payload = { subscription_id: id, name }
      await record(tx, ctx, { name: 'push.subscribed', projectId, target: `browser:${id}`, payload })
      return present(await findOwn(tx, projectId, actor.id, id))
    }),
  )
}
