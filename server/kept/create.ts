import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { actorRef } from '../context.ts'
import { record } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { type KeptRow, keptColumns, lockNames, mustBeFree, present } from './kept.ts'
import { sealText } from './sealing.ts'

/** A project has at most so many. */
const most = 500

/** Stores a secret that leaves only by an approval; row, event and stored reply are one commit. */
export const create: Verb<typeof contract.kept.create> = (ctx, { name, secret }) =>
  withNewestKey(ctx.world, () =>
    once(ctx, 'kept.create', (sql) =>
      atomically(sql, async (tx) => {
        const { projectId } = ctx.actor
        await lockNames(tx, projectId)
        const [there] = await tx<{ count: number }[]>`
          select count(*)::int as count from kept_secrets where project_id = ${projectId}`
        if ((there?.count ?? 0) >= most) refuse('TOO_MANY_SECRETS')
        await mustBeFree(tx, projectId, name)
        const id = newId()
        const { sealed, generation } = sealText(ctx.world, { id, projectId }, secret)
        const [row] = await tx<KeptRow[]>`
          insert into kept_secrets (id, project_id, name, sealed, generation, created_by)
          values (${id}, ${projectId}, ${name}, ${sealed}, ${generation}, ${tx.json(actorRef(ctx.actor))})
          returning ${keptColumns(tx)}`
        if (!row) throw new Error('The secret was not stored.')
        const payload = { kept_id: id, name }
        await record(tx, ctx, { name: 'kept.created', projectId, target: `secret:${id}`, payload })
        return present(row)
      }),
    ),
  )
