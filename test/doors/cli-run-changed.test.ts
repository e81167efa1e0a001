import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Client } from '../../clients/typescript/src/index.ts'
import { answerPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { temporaryDirectory } from '../built.ts'
import { command, marking, pressing } from '../cli.ts'
import { makeAsker } from '../make.ts'
import { type Change, meddler } from '../meddler.ts'
import { makePerson } from '../people.ts'
import { forged as forgedReceipt, partsOf, strangeKey } from '../receipts.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key, project } = await makeAsker(world)
const here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }

const yes = { action: 'approve', label: 'Approve', value: 'approved' }
const forged = (body: Record<string, unknown>) => ({
  ...body,
  status: 'executed',
  decision: {
    ...yes,
    comment: null,
    decided_by: { type: 'person', id: null, name: 'Ana' },
    decided_at: new Date().toISOString(),
    evidence: { ip: '', user_agent: null, dwell_ms: null },
  },
})
const otherHash = 'f'.repeat(64)

type More = { words?: string[]; path?: string; environment?: Record<string, string> }

/** Runs through somebody in between; `action` is pressed, if any. */
async function through(change: Change, action?: string, more: More = {}) {
  const { words = [], path = `run/changed-${count++}`, environment = {} } = more
  const { child, ran } = marking()
  const middle = await meddler(url, change)
  const line = ['run', '--key', path, '--info', 'Deploy v2', '--timeout', '20s', ...words, ...child]
  const asked = command(line, { ...here, COUNTERSIGN_URL: middle.url }, { environment })
  if (action) await pressing(url, asked.stderr, action)
  const { code, stderr } = await asked.ended
  return { code, stderr, ran: ran() }
}
let count = 0

test('control: with somebody in between who changes nothing it runs', async () => {
  expect(await through({ asks: (body) => body, answers: (body) => body }, 'approve')).toMatchObject({
    code: 0,
    ran: true,
  })
})

test.each<[string, Change]>([
  ['another text is shown to the approver', { asks: (body) => ({ ...body, info: 'Harmless' }) }],
  ['another action_hash comes back', { answers: (body) => ({ ...body, action_hash: otherHash }) }],
  [
    'the button for no says yes',
    {
      asks: (body) => ({
        ...body,
        actions: [{ key: 'approve', value: 'approved', label: 'Reject', style: 'danger' }],
      }),
    },
  ],
])('refused before anybody sees the link: %s', async (_, change) => {
  const { code, stderr, ran } = await through(change)
  expect({ code, ran }).toEqual({ code: 1, ran: false })
  expect(stderr).toContain('The request is bound to something else than what was asked. Nothing was run.')
  expect(stderr).not.toContain('/a/')
})

test('a yes that was made up while nobody had answered is not there when it is read once more', async () => {
  const change: Change = {
    paths: (path) => path.replace(/\?wait=\d+/, ''),
    answers: (body, { method, nth }) => (method === 'GET' && nth === 1 ? forged(body) : body),
  }
  const { code, stderr, ran } = await through(change)
  expect({ code, ran }).toEqual({ code: 1, ran: false })
  expect(stderr).toContain('not the same when it is read once more')
})

test.each<[string, Change]>([
  [
    'a no that was made a yes',
    { answers: (body, { method, nth }) => (method === 'GET' && nth === 1 ? forged(body) : body) },
  ],
  [
    'status',
    { answers: (body, { method, nth }) => (method === 'GET' && nth === 2 ? { ...body, status: 'pending' } : body) },
  ],
  [
    'action_hash',
    {
      answers: (body, { method, nth }) => (method === 'GET' && nth === 2 ? { ...body, action_hash: otherHash } : body),
    },
  ],
])('the two reads differ: %s', async (what, change) => {
  const { code, ran } = await through(change, what.startsWith('a no') ? 'reject' : 'approve')
  expect({ code, ran }).toEqual({ code: 1, ran: false })
})

test('the style of a button is ours: a no whose danger was taken away is a no', async () => {
  const plain = (body: Record<string, unknown>) =>
    Array.isArray(body.actions)
      ? {
          ...body,
          actions: body.actions.map((one) => ({ ...one, key: 'go', style: 'primary' })),
          decision: body.decision && { ...body.decision, action: 'go' },
        }
      : body
  const { code, ran } = await through({ answers: plain }, 'reject')
  expect({ code, ran }).toEqual({ code: 1, ran: false })
})

describe('the receipt of the answer', async () => {
  const keys = await new Client({ baseUrl: url, apiKey: key }).jwks()
  const pinned = join(temporaryDirectory(), 'jwks.json')
  writeFileSync(pinned, JSON.stringify(keys))

  const receiptAs = (change: (receipt: string) => string): Change => ({
    answers: (body) => (typeof body.receipt === 'string' ? { ...body, receipt: change(body.receipt) } : body),
  })
  const own = strangeKey(String(keys.keys[0]?.kid))
  const wrong: [what: string, change: Change, said: string][] = [
    [
      'an altered payload',
      receiptAs((text) => {
        const { header, payload, signature } = partsOf(text)
        return `${forgedReceipt(header, { ...payload, value: 'other' })}${signature}`
      }),
      'Its signature does not fit',
    ],
    [
      'algorithm none',
      receiptAs((text) => `${forgedReceipt({ ...partsOf(text).header, alg: 'none' }, partsOf(text).payload)}AA`),
      'not signed by Ed25519',
    ],
    [
      'another key id',
      receiptAs((text) => forgedReceipt({ ...partsOf(text).header, kid: 'x' }, partsOf(text).payload, own.key)),
      'a key that is not among the known ones',
    ],
    [
      'another key under the right key id',
      receiptAs((text) => forgedReceipt(partsOf(text).header, partsOf(text).payload, own.key)),
      'Its signature does not fit',
    ],
    ['no endpoint', { paths: (path) => path.replace(/\/receipt$/, '/none') }, 'There is no receipt'],
    ['no endpoint to use it up', { paths: (path) => path.replace(/\/consume$/, '/none') }, 'could not be used'],
    ['no answer to its use', { loses: ({ path }) => path.endsWith('/consume') }, 'could not be used'],
    [
      'the use of another',
      { answers: (body, { path }) => (path.endsWith('/consume') ? { ...body, approval_id: 'x' } : body) },
      'Another receipt',
    ],
  ]

  test('is needed: nothing runs when it is not there, proves nothing, or cannot be used', async () => {
    for (const half of [wrong.slice(0, 4), wrong.slice(4)])
      await Promise.all(
        half.map(async ([what, change, said]) => {
          const { code, ran, stderr } = await through(change, 'approve')
          expect({ what, code, ran }).toEqual({ what, code: 1, ran: false })
          expect(stderr, what).toContain(said)
          expect(stderr, what).toContain('Nothing was run.')
        }),
      )
  })

  test('is of this run: that of an earlier one is refused, and so is a whole earlier run played again', async () => {
    let [receipt, created] = ['', {}]
    const listening: Change = {
      answers: (body, { path }) => {
        if (typeof body.receipt === 'string') receipt = body.receipt
        if (path === '/v1/approvals') created = body
        return body
      },
    }
    const path = 'run/again'
    expect(await through(listening, 'approve', { path })).toMatchObject({ code: 0, ran: true })
    const other = await through(
      receiptAs(() => receipt),
      'approve',
    )
    expect(other).toMatchObject({ code: 1, ran: false })
    expect(other.stderr).toContain('the receipt of another approval')

    const again: Change = { answers: (body, seen) => (seen.path === '/v1/approvals' ? created : body) }
    const replayed = await through(again, undefined, { path })
    expect(replayed).toMatchObject({ code: 1, ran: false })
    expect(replayed.stderr).toContain('has been used already')
    const { approval_id: id } = partsOf(receipt).payload
    await world.db.sql`update approvals set ended_at = ended_at - interval '2 hours' where id = ${id}`
    const late = await through(again, undefined, { path })
    expect(late).toMatchObject({ code: 1, ran: false })
    expect(late.stderr).toContain('The receipt is of another time')
  })

  /** Somebody who lies alike in every answer: a no is a yes, signed by a key of their own, which they publish. */
  const liar = strangeKey('liar')
  const lying: Change = {
    answers: (body, { path }) => {
      if (path.startsWith('/.well-known/')) return { keys: [liar.jwk] }
      if (path.endsWith('/consume')) return body
      if (typeof body.receipt === 'string') {
        const { header, payload } = partsOf(body.receipt)
        return { receipt: forgedReceipt({ ...header, kid: 'liar' }, { ...payload, ...yesOf }, liar.key) }
      }
      return body.status === 'executed' ? forged(body) : body
    },
    // The use of a receipt is answered by whatever answers with this id.
    paths: (path) => path.replace('/receipt/consume', ''),
    methods: (method, { path }) => (path.endsWith('/consume') ? 'GET' : method),
  }
  const yesOf = { action: 'approve', value: 'approved' }

  test('who lies alike in every answer is believed without a pinned key (control), and not with one', async () => {
    expect(await through(lying, 'reject')).toMatchObject({ code: 0, ran: true })
    for (const more of [
      { words: ['--jwks', pinned] },
      { words: ['--jwks', JSON.stringify(keys)] },
      { words: ['--jwks', `${url}/.well-known/jwks.json`] },
      { environment: { COUNTERSIGN_JWKS: pinned } },
    ]) {
      const { code, ran, stderr } = await through(lying, 'reject', more)
      expect({ more, code, ran }).toEqual({ more, code: 1, ran: false })
      expect(stderr).toContain('signed by a key that is not among the known ones')
    }
  })

  test('is of the project that is named; keys that cannot be read stop it before anybody is asked', async () => {
    const right = await through({}, 'approve', { words: ['--jwks', pinned, '--project', project.id] })
    expect(right).toMatchObject({ code: 0, ran: true })
    const other = await through({}, 'approve', { environment: { COUNTERSIGN_PROJECT: '0'.repeat(26) } })
    expect(other).toMatchObject({ code: 1, ran: false })
    expect(other.stderr).toContain('the receipt of another project')
    for (const words of ['/no/such/file', '{"keys": 1}', 'http://127.0.0.1:1/jwks.json']) {
      const { code, ran, stderr } = await through({}, undefined, { words: ['--jwks', words] })
      expect({ words, code, ran }).toEqual({ words, code: 1, ran: false })
      expect(stderr).not.toContain('/a/')
    }
  })

  test('of a permission must be proven before the token is used, and is left to be shown', async () => {
    const agent = await makeAgent(world, project)
    const ana = await makePerson(world, project)
    const { permissions, approvals } = as(world, agent.actor)
    const running = async (action: string, change: Change) => {
      const { child, ran } = marking()
      const middle = await meddler(url, change)
      const at = { COUNTERSIGN_URL: middle.url, COUNTERSIGN_API_KEY: agent.key }
      const run = command(['run', '--action', action, '--jwks', pinned, ...child], at)
      const list = async () => (await permissions.list({ action })).items
      await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1)
      const [asked] = await list()
      if (!asked) throw new Error('It was there a moment ago.')
      await answerPermission(world, ana.actor, asked)
      const { code, stderr } = await run.ended
      return { code, ran: ran(), stderr, now: await permissions.get({ id: asked.id }) }
    }
    const [, , unknown] = wrong
    const bad = await running('receipt.bad', unknown?.[1] ?? {})
    expect(bad).toMatchObject({ code: 1, ran: false, now: { status: 'approved', uses_remaining: 1 } })
    expect(bad.stderr).toContain('Nothing was run.')
    const good = await running('receipt.good', {})
    expect(good).toMatchObject({ code: 0, ran: true, now: { status: 'used' } })
    const { id: approval_id } = good.now
    const { receipt } = await approvals.receipt({ approval_id })
    expect(await approvals.consume({ approval_id, receipt })).toMatchObject({ approval_id })
  })
})
