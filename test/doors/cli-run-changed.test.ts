import { expect, test } from 'vitest'
import { command, marking, pressing } from '../cli.ts'
import { makeAsker } from '../make.ts'
import { type Change, meddler } from '../meddler.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
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

/** Runs through somebody in between; `action` is pressed, if any. */
async function through(change: Change, action?: string) {
  const { child, ran } = marking()
  const path = `run/changed-${count++}`
  const middle = await meddler(url, change)
  const asked = command(['run', '--key', path, '--info', 'Deploy v2', '--timeout', '20s', ...child], {
    ...here,
    COUNTERSIGN_URL: middle.url,
  })
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
