import type { contract } from '../../shared/contract/index.ts'
import { testNotice } from '../channels/words.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { push } from './send.ts'
import { findOwn, forget } from './subscription.ts'

/** Sends a test message to one of the asker's browsers, and answers what its push service said. */
export const test: Verb<typeof contract.push.test> = async (ctx, { id }) => {
  const { world, actor } = ctx
  const { sql } = world.db
  const row = await findOwn(sql, actor.liveProjectId, actor.id, id)
  const [project] = await sql<{ name: string }[]>`select name from projects where id = ${actor.liveProjectId}`
  const notice = testNotice(world.config.publicUrl, actor.liveProjectId, project?.name ?? '')
  const verdict = await push(world, row, notice, 60)
  if (!verdict.ok && verdict.gone) await atomically(sql, (tx) => forget(tx, ctx, tx`s.id = ${id}`, 'gone'))
  return { delivered: verdict.ok, status: verdict.status ?? null, error: verdict.ok ? null : verdict.code }
}
