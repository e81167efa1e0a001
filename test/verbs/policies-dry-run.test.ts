import { describe, expect, test } from 'vitest'
import { matchOperators } from '../../shared/contract/policy.ts'
import { askPermission } from '../agents.ts'
import { about, draft, namesOf, policyPlace } from '../policies.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const place = () => policyPlace(world)

describe('a dry run', () => {
  test('says what the last requests would be answered now and with a draft, by the rules that answer them', async () => {
    const { admin, actor } = await place()
    const deny = await admin.create(draft({ name: 'none', matchers: about('repo.delete'), effect: 'deny' }))
    await askPermission(world, actor, { action: 'email.send' })
    await codeOf(askPermission(world, actor, { action: 'repo.delete' }))
    expect(await admin.dryRun({})).toMatchObject({
      changed: 0,
      now: { auto_approve: 0, require_approval: 1, deny: 1 },
      with_draft: { auto_approve: 0, require_approval: 1, deny: 1 },
    })
    const all = draft({ name: 'all', matchers: [{ field: 'action', op: 'exists' }] })
    const last = await admin.dryRun({ draft: all })
    expect(last).toMatchObject({ changed: 1, with_draft: { auto_approve: 1, require_approval: 0, deny: 1 } })
    expect(last.items.find(({ action }) => action === 'email.send')).toMatchObject({
      now: { effect: 'require_approval', policy_id: null, policy: null },
      with_draft: { effect: 'auto_approve', policy_id: null, policy: 'all' },
    })
    expect(await admin.dryRun({ draft: all, position: 1 })).toMatchObject({
      changed: 2,
      with_draft: { auto_approve: 2 },
    })
    expect(await admin.dryRun({ draft: all, id: deny.id })).toMatchObject({ changed: 2, with_draft: { deny: 0 } })
    expect(await admin.dryRun({ draft: { ...all, enabled: false }, id: deny.id })).toMatchObject({
      changed: 1,
      with_draft: { deny: 0 },
    })
    expect((await admin.dryRun({ limit: 1 })).items).toHaveLength(1)
    // Nothing of it was done.
    expect(await namesOf(admin)).toEqual(['1 none'])
  })

  test('agrees with what requests are answered, whatever the policies', async () => {
    const { admin, actor } = await place()
    const values: Record<string, unknown> = {
      in: ['a', 'b'],
      not_in: ['a'],
      less_than: 5,
      at_most: 5,
      greater_than: 5,
      at_least: 5,
      exists: null,
      absent: null,
      matches: '[ab]',
    }
    const effects = ['auto_approve', 'deny', 'require_approval'] as const
    for (const [i, op] of matchOperators.entries())
      await admin.create(
        draft({
          name: op,
          effect: effects[i % 3] ?? 'deny',
          matchers: [{ field: `scope.${op}`, op, value: op in values ? values[op] : 'a' }],
        }),
      )
    const answered: Record<string, string> = {}
    for (const op of matchOperators)
      for (const value of ['a', 'c', 3, 7, ['a'], null]) {
        // `absent` would take all that comes to it.
        const scope = op === 'absent' ? { exists: value } : { absent: 1, [op]: value }
        const asked = await askPermission(world, actor, { scope }).catch(() => undefined)
        const [row] = await sql<{ id: string }[]>`select id from permissions order by created_at desc, id desc limit 1`
        const id = asked?.id ?? row?.id ?? ''
        answered[id] = asked ? (asked.status === 'approved' ? 'auto_approve' : 'require_approval') : 'deny'
      }
    const { items } = await admin.dryRun({ limit: 200 })
    expect(items).toHaveLength(Object.keys(answered).length)
    for (const { id, now } of items) expect(now.effect).toBe(answered[id])
    expect(new Set(Object.values(answered)).size).toBe(3)
  })
})
