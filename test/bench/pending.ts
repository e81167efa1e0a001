import { createHash, randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import { linkDigest } from '../../server/approvals/approval.ts'
import { makeLinkToken } from '../../server/lib/token.ts'
import { digestByHand } from './by-hand.ts'
import type { Stage } from './stage.ts'
import type { Side } from './units.ts'

/** Makes pending approvals in bulk and answers the tokens of their links, as the side keeps them. */
export async function makePending(
  { world, projectId }: Stage,
  side: Side,
  count: number,
  pathOf: (n: number) => string,
): Promise<string[]> {
  const { sql } = world.db
  const tokens = Array.from({ length: count }, makeLinkToken)
  const actions = [{ key: 'approve', value: 'approved', label: 'Approve', style: 'primary' }]
  for (let from = 0; from < count; from += 1000) {
    const rows = tokens.slice(from, from + 1000).map((token, i) => ({
      id: ulid(),
      project_id: projectId,
      link_digest: side === 'ours' ? linkDigest(world, token) : digestByHand(token),
      key_path: pathOf(from + i),
      actions: sql.json(actions),
      info: 'Deploy to production?',
      action_hash: createHash('sha256').update(randomBytes(16)).digest('hex'),
      comment: 'optional',
      created_by: sql.json({ type: 'key', id: null, name: 'bench' }),
      expires_at: new Date(Date.now() + 3_600_000),
    }))
    await sql`insert into approvals ${sql(rows)}`
  }
  return tokens
}
