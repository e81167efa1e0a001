import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ReceiptError, verifyReceipt } from '../../clients/typescript/src/index.ts'
import { sealRound } from '../../server/audit/seal.ts'
import { canonical } from '../../server/lib/canonical.ts'
import { signedText } from '../../server/receipts/jws.ts'
import { publicKeys, rotateSigningKey, signingKey } from '../../server/receipts/keys.ts'
import { answerPermission, askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { forged, partsOf, spoiled } from '../receipts.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { eventsOf } from '../told.ts'
import { vote } from '../voting.ts'

const world = await testWorld()
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const agent = await makeAgent(world, project)
const mine = as(world, actor).approvals
const theirs = as(world, agent.actor).approvals

/** Seals everything: a round passes over what a transaction of another test's database holds back for a moment. */
async function sealAll() {
  const unsealed = async () => {
    const [row] = await sql`
      select 1 from events where project_id = ${project.id}
        and tick >= coalesce((select max(to_tick) from seals where project_id = ${project.id}), 0) limit 1`
    return row !== undefined
  }
  do await sealRound(world)
  while (await unsealed())
}

/** Decided by its link, and sealed, so that nothing is waited for. */
async function decided(action = 'approve', wish: Parameters<typeof makeApproval>[2] = {}) {
  const made = await makeApproval(world, actor, wish)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
  await visitor.approvals.act({ token: made.token, action, csrf_token, action_hash })
  await sealAll()
  return made
}

const receiptOf = async (approval_id: string, of = mine) => (await of.receipt({ approval_id })).receipt
const jwks = async (at = world) => ({ keys: await publicKeys(at) })
const faultOf = (receipt: string, keys: Parameters<typeof verifyReceipt>[1], more = {}) =>
  verifyReceipt(receipt, keys, more).then(
    () => 'proven',
    (error: unknown) => (error instanceof ReceiptError ? error.code : String(error)),
  )

describe('a receipt', () => {
  test('says who decided what when, in canonical JSON under our own header, and is proven by the published key alone', async () => {
    const made = await decided()
    const receipt = await receiptOf(made.approval_id)
    const said = await verifyReceipt(receipt, await jwks(), {
      approvalId: made.approval_id,
      actionHash: made.action_hash,
    })
    const { decision } = await mine.get({ approval_id: made.approval_id })
    expect(said).toEqual({
      approval_id: made.approval_id,
      project: project.id,
      action_hash: made.action_hash,
      action: 'approve',
      value: 'approved',
      scope: null,
      decided_by: [{ type: 'visitor', id: null, name: 'link holder' }],
      decided_at: decision?.decided_at,
      env: 'live',
      audit_head: expect.objectContaining({ total: expect.any(Number) }),
    })
    const [key] = await publicKeys(world)
    const { header, words, payload } = partsOf(receipt)
    expect(header).toEqual({ alg: 'EdDSA', kid: key?.kid, typ: 'countersign-receipt+jws' })
    expect(Buffer.from(words.split('.')[1] ?? '', 'base64url').toString()).toBe(canonical(payload))
    expect(receipt).not.toContain('=')
  })

  test('is the same until another head is sealed, and a no is proven like a yes', async () => {
    const actions = [
      { key: 'approve', value: 'approved' },
      { key: 'reject', value: 'rejected', style: 'danger' as const },
    ]
    const { approval_id } = await decided('reject', { actions })
    const receipt = await receiptOf(approval_id)
    expect(await receiptOf(approval_id)).toBe(receipt)
    expect(await verifyReceipt(receipt, await jwks())).toMatchObject({ action: 'reject', value: 'rejected' })
  })

  test('carries the signed head of the audit log that covers its decision, which is the log’s own', async () => {
    const { approval_id } = await decided()
    const { audit_head, project: project_id } = await verifyReceipt(await receiptOf(approval_id), await jwks())
    if (!audit_head) throw new Error('Something was sealed.')
    const { signature, ...words } = audit_head
    const open = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: words.public_key }, format: 'jwk' })
    const text = Buffer.from(canonical({ project_id, ...words }))
    expect(verify(null, text, open, Buffer.from(signature, 'base64url'))).toBe(true)
    const [covers] = await sql`
      select s.to_tick > e.tick as it from seals s join events e on e.project_id = s.project_id
      where s.project_id = ${project_id} and s.number = ${words.number} and encode(s.head, 'hex') = ${words.head}
        and e.target = ${`approval:${approval_id}`} and e.name = 'approval.executed'`
    expect(covers?.it).toBe(true)
  })

  test('waits for the seal of its own decision, and does without where sealing is held up', async () => {
    const { approval_id } = await decided()
    const [{ number: before = 0 } = {}] =
      await sql`select max(number) as number from seals where project_id = ${project.id}`
    const made = await makeApproval(world, actor)
    const { action_hash } = made
    await as(world, ana.actor).approvals.decide({ approval_id: made.approval_id, action: 'approve', action_hash })
    const waiting = receiptOf(made.approval_id)
    await sealAll()
    expect((await verifyReceipt(await waiting, await jwks())).audit_head?.number).toBe(before + 1)
    expect((await verifyReceipt(await receiptOf(approval_id), await jwks())).audit_head?.number).toBe(before + 1)
    const late = await makeApproval(world, actor)
    await as(world, ana.actor).approvals.decide({
      approval_id: late.approval_id,
      action: 'approve',
      action_hash: late.action_hash,
    })
    const said = await verifyReceipt(await receiptOf(late.approval_id), await jwks())
    expect(said).toMatchObject({
      decided_by: [{ type: 'person', id: ana.id, name: expect.any(String) }],
      audit_head: { number: before + 1 },
    })
  })

  test('is not of what is pending, and not of what nobody decided', async () => {
    const { approval_id } = await makeApproval(world, actor)
    expect(await codeOf(mine.receipt({ approval_id }))).toBe('APPROVAL_PENDING')
    await mine.invalidate({ approval_id })
    expect(await codeOf(mine.receipt({ approval_id }))).toBe('NO_RECEIPT')
    const late = await makeApproval(world, actor)
    await sql`update approvals set expires_at = now() where id = ${late.approval_id}`
    expect(await codeOf(mine.receipt({ approval_id: late.approval_id }))).toBe('NO_RECEIPT')
    const locked = await makeApproval(world, actor)
    await sql`update approvals set status = 'locked', ended_at = now() where id = ${locked.approval_id}`
    expect(await codeOf(mine.receipt({ approval_id: locked.approval_id }))).toBe('NO_RECEIPT')
  })

  test('names everybody whose vote decided, and nobody who said something else or could not decide any more', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => makePerson(world, project, 'MEMBER')))
    const [bo, cy, di, ed] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0], (typeof people)[0]] // so many were made
    const asked = await makeApproval(world, actor, {
      actions: [
        { key: 'approve', value: 'approved' },
        { key: 'later', value: 'later' },
      ],
      approvers: [{ any_of: people.map(({ email }) => email), required: 2 }],
    })
    await vote(world, di, asked)
    await sql`update memberships set role = 'VIEWER' where person_id = ${di.id}`
    await vote(world, cy, asked, 'later')
    await vote(world, bo, asked)
    await vote(world, ed, asked)
    await sealAll()
    const ids = async () =>
      (await verifyReceipt(await receiptOf(asked.approval_id), await jwks())).decided_by.map(({ id }) => id)
    expect(await ids()).toEqual([bo.id, ed.id])
    // What they are later changes nothing: a receipt tells of that moment.
    await sql`update memberships set disabled_at = now() where person_id = ${bo.id}`
    await sql`update memberships set role = 'MEMBER' where person_id = ${di.id}`
    expect(await ids()).toEqual([bo.id, ed.id])
  })
})

describe('of permission requests', () => {
  test('the scope that was allowed is in it, and a no allows nothing', async () => {
    const scope = { to: ['ana@example.com'] }
    const [yes, no] = [await askPermission(world, agent.actor), await askPermission(world, agent.actor)]
    await answerPermission(world, ana.actor, yes, 'approve', { scope })
    await answerPermission(world, ana.actor, no, 'deny')
    await sealAll()
    const allowed = await verifyReceipt(await receiptOf(yes.id, theirs), await jwks(), { actionHash: yes.action_hash })
    expect(allowed).toMatchObject({
      action: 'approve',
      value: null,
      scope,
      decided_by: [{ type: 'person', id: ana.id }],
    })
    const denied = await verifyReceipt(await receiptOf(no.id, theirs), await jwks())
    expect(denied).toMatchObject({ action: 'deny', value: null, scope: null })
  })

  test('those that a policy or a test key answered have one, too', async () => {
    const matchers = [{ field: 'action', op: 'equals' as const, value: 'by.policy' }]
    const policy = await as(world, ana.actor).policies.create({ name: 'always', matchers, effect: 'auto_approve' })
    const asked = await askPermission(world, agent.actor, { action: 'by.policy', scope: { n: 1 } })
    const trying = await makeAgentKey(world, project, agent.agent, { env: 'test' })
    const tried = await askPermission(world, trying.actor)
    await sealAll()
    expect(await verifyReceipt(await receiptOf(asked.id, theirs), await jwks())).toMatchObject({
      decided_by: [{ type: 'policy', id: policy.id, name: 'always' }],
      scope: { n: 1 },
      env: 'live',
    })
    const test = as(world, trying.actor).approvals
    const said = await verifyReceipt(await receiptOf(tried.id, test), await jwks())
    expect(said).toMatchObject({
      decided_by: [{ type: 'system', name: 'test key' }],
      env: 'test',
      project: trying.actor.projectId,
    })
    expect(said.audit_head).not.toBeNull()
    // A test key uses test receipts, and nobody else's key reaches them.
    expect(await codeOf(theirs.receipt({ approval_id: tried.id }))).toBe('NOT_FOUND')
    expect(await codeOf(test.receipt({ approval_id: asked.id }))).toBe('NOT_FOUND')
    const receipt = await receiptOf(tried.id, test)
    expect(await codeOf(test.consume({ approval_id: tried.id, receipt: await receiptOf(asked.id, theirs) }))).toBe(
      'WRONG_RECEIPT',
    )
    expect(await codeOf(test.consume({ approval_id: tried.id, receipt }))).toBe('done')
  })

  test('one that was revoked or is over is used by nobody', async () => {
    const [gone, late] = [await askPermission(world, agent.actor), await askPermission(world, agent.actor)]
    for (const one of [gone, late]) await answerPermission(world, ana.actor, one)
    await sealAll()
    const receipts = await Promise.all([gone, late].map(({ id }) => receiptOf(id, theirs)))
    await as(world, agent.actor).permissions.revoke({ id: gone.id })
    await sql`update permissions set granted_until = now() where id = ${late.id}`
    const [one = '', two = ''] = receipts
    expect(await codeOf(theirs.consume({ approval_id: gone.id, receipt: one }))).toBe('TOKEN_REVOKED')
    expect(await codeOf(theirs.consume({ approval_id: late.id, receipt: two }))).toBe('TOKEN_EXPIRED')
    expect(await sql`select from consumed_receipts where approval_id in ${sql([gone.id, late.id])}`).toHaveLength(0)
  })
})

describe('who reaches a receipt', () => {
  test('an agent those of its own requests, a key those of its paths, another project none', async () => {
    const { approval_id } = await decided('approve', { key_path: 'deploy/prod' })
    const asked = await askPermission(world, agent.actor)
    await answerPermission(world, ana.actor, asked)
    await sealAll()
    const other = await makeAgent(world, project)
    const within = await makeKey(world, project, 'write', { keyPaths: ['deploy'] })
    const outside = await makeKey(world, project, 'write', { keyPaths: ['release'] })
    const stranger = await makeKey(world, await makeProject(world), 'admin')
    const ends = async (of: typeof actor, id: string) => {
      const { receipt: read, consume } = as(world, of).approvals
      const receipt = await receiptOf(id)
      return [
        await codeOf(read({ approval_id: id })),
        of === within.actor ? 'done' : await codeOf(consume({ approval_id: id, receipt })),
      ]
    }
    expect(await ends(within.actor, approval_id)).toEqual(['done', 'done'])
    for (const of of [outside.actor, agent.actor, stranger.actor])
      expect(await ends(of, approval_id)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    for (const of of [outside.actor, other.actor, stranger.actor])
      expect(await ends(of, asked.id)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await ends(agent.actor, asked.id)).toEqual(['done', 'done'])
  })
})

describe('consuming', () => {
  test('works once, whatever the text: later heads make other texts of the same decision', async () => {
    const { approval_id } = await decided()
    const [first, consumer] = [await receiptOf(approval_id), mine]
    await decided()
    const second = await receiptOf(approval_id)
    expect(second).not.toBe(first)
    const used = await consumer.consume({ approval_id, receipt: first })
    expect(used).toEqual({ approval_id, consumed_at: expect.stringMatching(/Z$/) })
    for (const receipt of [first, second])
      expect(await codeOf(consumer.consume({ approval_id, receipt }))).toBe('RECEIPT_USED')
    expect(await eventsOf(sql, approval_id)).toEqual([
      'approval.created',
      'approval.executed',
      'approval.receipt_consumed',
    ])
  })

  test('takes nothing that was altered, is signed by others, or is of another approval', async () => {
    const { approval_id } = await decided()
    const receipt = await receiptOf(approval_id)
    const another = await receiptOf((await decided()).approval_id)
    const texts = spoiled(receipt).filter(([, text]) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text))
    expect(texts.length).toBeGreaterThan(9)
    for (const [what, text] of [...texts, ['of another', another]])
      expect([what, await codeOf(mine.consume({ approval_id, receipt: text ?? '' }))]).toEqual([what, 'WRONG_RECEIPT'])
    const { payload } = partsOf(receipt)
    const key = await signingKey(world)
    // Signed by us, and yet of another decision, or no receipt at all.
    for (const change of [
      { action_hash: 'f'.repeat(64) },
      { action: 'reject' },
      { project: 'x' },
      { env: 'test' },
      { extra: 1 },
    ])
      expect(
        await codeOf(mine.consume({ approval_id, receipt: signedText(key, { ...payload, ...change }) })),
        JSON.stringify(change),
      ).toBe('WRONG_RECEIPT')
    const header = { alg: 'EdDSA', kid: key.kid, typ: 'countersign-receipt+jws' }
    expect(
      await codeOf(mine.consume({ approval_id, receipt: forged(header, JSON.stringify(payload, null, 1), key.key) })),
    ).toBe('WRONG_RECEIPT')
    expect(await codeOf(mine.consume({ approval_id, receipt }))).toBe('done')
  })
})

describe('verifyReceipt', () => {
  test('names what is wrong with a receipt', async () => {
    const { approval_id } = await decided()
    const receipt = await receiptOf(approval_id)
    const keys = await jwks()
    for (const [what, text, code] of spoiled(receipt)) expect([what, await faultOf(text, keys)]).toEqual([what, code])
    expect(await faultOf(receipt, keys)).toBe('proven')
    expect(await faultOf(receipt, { keys: [] })).toBe('UNKNOWN_KEY')
    for (const change of [{ x: 'AAAA' }, { kty: 'RSA' }, { crv: 'X25519' }])
      expect(await faultOf(receipt, { keys: keys.keys.map((key) => ({ ...key, ...change })) })).toBe('UNKNOWN_KEY')
    const { payload, header } = partsOf(receipt)
    const { key } = await signingKey(world)
    expect(await faultOf(forged(header, JSON.stringify(payload, null, 1), key), keys)).toBe('NOT_CANONICAL')
    expect(await faultOf(forged(header, { ...payload, decided_by: [] }, key), keys)).toBe('NOT_A_RECEIPT')
    expect(await faultOf(receipt, keys, { approvalId: '0'.repeat(26) })).toBe('WRONG_APPROVAL')
    expect(await faultOf(receipt, keys, { actionHash: '0'.repeat(64) })).toBe('WRONG_ACTION')
    expect(await faultOf(receipt, keys, { project: '0'.repeat(26) })).toBe('WRONG_PROJECT')
  })

  test('reads what canonical JSON has: sorted names, numbers as ECMAScript writes them, text beyond ASCII', async () => {
    const { approval_id } = await decided()
    const { payload } = partsOf(await receiptOf(approval_id))
    const scope = { '\u20ac': 1e21, '\r': 1e-7, '\ufb33': 'דּ', '1': 0.1, '😀': '\u007f', ö: '<', '': [-0, [], {}] }
    const text = signedText(await signingKey(world), { ...payload, scope })
    expect((await verifyReceipt(text, await jwks())).scope).toEqual({ ...scope, '': [0, [], {}] })
  })
})

describe('keys that sign', () => {
  test('are made once by racing nodes, and one that a node retired signs nowhere after', async () => {
    const one = await testWorld()
    const nodes = [one, await worldAt(one.address), await worldAt(one.address)] as const
    const kids = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => (await signingKey(nodes[i % 3] ?? one)).kid),
    )
    expect(new Set(kids).size).toBe(1)
    const rotated = await Promise.all(nodes.map(rotateSigningKey))
    const now = (await signingKey(one)).kid
    for (const node of nodes) expect((await signingKey(node)).kid).toBe(now)
    expect(rotated.filter(({ retired }) => retired !== null).length).toBeGreaterThan(0)
    expect(await one.db.sql`select from signing_keys where retired_at is null`).toHaveLength(1)
    expect((await publicKeys(one))[0]?.kid).toBe(now)
  })

  test('stay published when they sign no more, and their receipts stay valid here and offline', async () => {
    const { approval_id } = await decided()
    const old = await receiptOf(approval_id)
    const before = await jwks()
    const { retired, kid } = await rotateSigningKey(world)
    expect(partsOf(old).header.kid).toBe(retired)
    const fresh = await receiptOf(approval_id)
    expect(partsOf(fresh).header.kid).toBe(kid)
    for (const receipt of [old, fresh]) expect(await faultOf(receipt, await jwks())).toBe('proven')
    expect([await faultOf(old, before), await faultOf(fresh, before)]).toEqual(['proven', 'UNKNOWN_KEY'])
    expect(await codeOf(mine.consume({ approval_id, receipt: old }))).toBe('done')
  })
})
