import { describe, expect, test } from 'vitest'
import { Client, verifyReceipt } from '../../clients/typescript/src/index.ts'
import { rotateSigningKey } from '../../server/receipts/keys.ts'
import { as } from '../as.ts'
import { asker, browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const ask = asker(url)
const path = '/.well-known/jwks.json'
const client = new Client({ baseUrl: url, apiKey: key })

async function decided() {
  const made = await makeApproval(world, actor)
  await browser(url).press(made.token, 'approve')
  return made
}

describe(path, () => {
  test('is there before the first receipt, without a key, for everybody to keep', async () => {
    const { status, headers, body } = await ask('GET', path)
    expect([status, headers['cache-control'], headers['content-type']]).toEqual([
      200,
      'public, max-age=300',
      'application/json; charset=utf-8',
    ])
    const thumbprint = expect.stringMatching(/^[\w-]{43}$/)
    const one = { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: thumbprint, x: thumbprint }
    expect(body).toEqual({ keys: [one] })
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/)
    for (const name of ['x-content-type-options', 'referrer-policy', 'x-request-id', 'x-frame-options'])
      expect(headers[name], name).toBeDefined()
  })

  test('takes HEAD, and no other method', async () => {
    const head = await ask('HEAD', path)
    expect([head.status, head.text, head.headers['cache-control']]).toEqual([200, '', 'public, max-age=300'])
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, headers, body } = await ask(method, path)
      expect([method, status, headers.allow, body.code]).toEqual([method, 405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
    }
  })

  test('has a new key from the moment that it signs, and the one from before', async () => {
    const { kid, retired } = await rotateSigningKey(world)
    const { keys } = await client.jwks()
    expect(keys.map((one) => one.kid)).toEqual([kid, retired])
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  test('many who ask at once get the same', async () => {
    const texts = await Promise.all(Array.from({ length: 200 }, async () => (await ask('GET', path)).text))
    expect(new Set(texts).size).toBe(1)
  })
})

describe('the SDK', () => {
  test('reads a receipt, proves it by the keys that it keeps, and uses it once', async () => {
    const { approval_id: approvalId, action_hash: actionHash } = await decided()
    const jwks = await client.jwks()
    const receipt = await client.approvals.receipt(approvalId)
    const said = await verifyReceipt(receipt, jwks, { approvalId, actionHash })
    expect(said).toMatchObject({ action: 'approve', value: 'approved' })
    expect(await client.approvals.consumeReceipt(approvalId, receipt)).toMatchObject({ approval_id: approvalId })
    await expect(client.approvals.consumeReceipt(approvalId, receipt)).rejects.toMatchObject({
      code: 'RECEIPT_USED',
      status: 409,
    })
  })
})

test('a receipt of a running server covers its own decision, and comes within seconds of it', async () => {
  for (let i = 0; i < 3; i++) {
    const { approval_id } = await decided()
    const { receipt } = await as(world, actor).approvals.receipt({ approval_id })
    const { audit_head, project } = await verifyReceipt(receipt, await client.jwks())
    const [row] = await world.db.sql`
      select s.to_tick > e.tick as covers from seals s, events e
      where s.project_id = ${project} and s.number = ${audit_head?.number ?? 0}
        and e.target = ${`approval:${approval_id}`} and e.name = 'approval.executed'`
    expect(row?.covers).toBe(true)
  }
})
