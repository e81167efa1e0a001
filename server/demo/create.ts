import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { presets } from '../../shared/scopes.ts'
import { makeApproval } from '../approvals/fresh.ts'
import type { Ctx } from '../context.ts'
import { makeKey } from '../keys/made.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { makeProject } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { isOffered } from './demo.ts'

const keyPath = 'demo/test'
const seconds = 600

/** Makes a throwaway project with one approval and a key that may watch its value; all of it is purged after ten minutes. */
export const create: Verb<typeof contract.demo.create> = async (visitor) => {
  const ctx: Ctx = { ...visitor, actor: { type: 'system', name: 'the demo' } }
  if (!(await isOffered(ctx.world))) refuse('NOT_FOUND', { sentence: 'The demo is switched off here.' })
  const made = await ctx.world.db.sql.begin(async (tx) => {
    const sql = tx as unknown as Sql // a transaction's client is a client but for opening connections
    const project = await makeProject(sql, ctx, 'demo', seconds)
    if (!project) throw new Error('The throwaway project was not made.')
    const approval = await makeApproval(sql, ctx, project.id, {
      key_path: keyPath,
      actions: [
        { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
        { key: 'reject', value: 'rejected', label: 'Reject', style: 'danger' },
      ],
      ttl_seconds: seconds,
      initial_value: 'pending',
      info: 'This is a **demo**. Press a button: the value `demo/test` changes, once.',
      comment: 'optional',
      match_number: false,
      passkey: false,
    })
    const { key } = await makeKey(sql, ctx, {
      projectId: project.id,
      name: 'demo',
      scopes: presets.read.scopes,
      keyPaths: [keyPath],
      transports: ['header'],
      lifetime: seconds,
    })
    return { ...approval, key_path: keyPath, api_key: key }
  })
  return made
}
