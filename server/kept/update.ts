import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { withNewestKey } from '../accounts/sealing.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { type KeptRow, keptColumns, lockNames, mustBeFree, noSuchKept, present } from './kept.ts'
import { sealText } from './sealing.ts'

/** Changes what was sent, in one commit with its event. A key does not rename: it could have people say yes to another name. */
export const update: Verb<typeof contract.kept.update> = (ctx, { kept_id: id, name, secret }) =>
  withNewestKey(ctx.world, () =>
    atomically(ctx.world.db.sql, async (tx) => {
      const { projectId, type } = ctx.actor
      await lockNames(tx, projectId)
      const [was] = await tx<KeptRow[]>`
        select ${keptColumns(tx)} from kept_secrets where id = ${id} and project_id = ${projectId} for update`
      if (!was) return noSuchKept()
      const renamed = name !== undefined && name !== was.name
      if (renamed && type === 'key')
        refuse('ONLY_PEOPLE', { sentence: 'Only signed-in people rename it: its name is what approvers go by.' })
      if (renamed) await mustBeFree(tx, projectId, name, id)
      const fields = [...(renamed ? ['name'] : []), ...(secret === undefined ? [] : ['secret'])]
      if (fields.length === 0) return present(was)
      const changed = renamed ? { name } : {}
      const kept = secret === undefined ? {} : sealText(ctx.world, { id, projectId }, secret)
      const [row] = await tx<KeptRow[]>`
        update kept_secrets set ${tx({ ...changed, ...kept })}, updated_at = now() where id = ${id}
        returning ${keptColumns(tx)}`
      const payload = { kept_id: id, name: name ?? was.name, fields }
      await record(tx, ctx, { name: 'kept.changed', projectId, target: `secret:${id}`, payload })
      return row ? present(row) : noSuchKept()
    }),
  )
