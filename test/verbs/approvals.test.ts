import { describe, expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()

describe('approvals.act', () => {
  test('sets the value of the pressed action, once', async () => {
    const { actor } = await makeAsker(world)
    const { token } = await makeApproval(world, actor)
    const visitor = asVisitor(world)
    const { csrf_token, action_hash } = await visitor.approvals.open({ token })
    await expect(visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })).resolves.toEqual({
      status: 'executed',
      action: 'approve',
    })
    expect((await as(world, actor).values.get({ key_path: 'deploy/prod' })).value).toBe('approved')
    await expect(visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })).rejects.toThrow(
      'already been used',
    )
  })
})
