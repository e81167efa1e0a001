import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { as } from '../as.ts'
import { between } from '../between.ts'
import { makeAsker } from '../make.ts'
import { type N8nWorkflow, runWorkflow } from '../n8n.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const read = (name: string) => readFileSync(join(packageRoot, 'clients', 'recipes', name), 'utf8')

const { url, world } = await serve()
const { key, actor, project } = await makeAsker(world)
const ana = await makePerson(world, project)

let made = 0

/** The one approval under a path. */
async function theOne(key_path: string) {
  const { items } = await as(world, actor).approvals.list({ key_path, limit: 10 })
  const [found] = items
  if (!found || items.length > 1) throw new Error(`There are ${items.length} under ${key_path}.`)
  return found
}

async function decide(keyPath: string, action: string) {
  const { approval_id, action_hash } = await theOne(keyPath)
  await as(world, ana.actor).approvals.decide({ approval_id, action, action_hash })
}

const workflow = JSON.parse(read('n8n-approval.json')) as N8nWorkflow // a file of ours, whose shape the next test asserts

/** Versions that n8n knows of the nodes we use, and names of parameters that they have then. */
const known: Record<string, { versions: number[]; parameters: string[]; outputs: number }> = {
  manualTrigger: { versions: [1], parameters: [], outputs: 1 },
  set: { versions: [3.4], parameters: ['assignments', 'options'], outputs: 1 },
  if: { versions: [2, 2.1, 2.2], parameters: ['conditions', 'options'], outputs: 2 },
  noOp: { versions: [1], parameters: [], outputs: 1 },
  wait: { versions: [1.1], parameters: ['resume', 'amount', 'unit'], outputs: 1 },
  stopAndError: { versions: [1], parameters: ['errorMessage'], outputs: 0 },
  httpRequest: {
    versions: [4.2],
    parameters: [
      ...['method', 'url', 'authentication', 'genericAuthType', 'sendQuery', 'queryParameters', 'sendHeaders'],
      ...['headerParameters', 'sendBody', 'specifyBody', 'jsonBody', 'options'],
    ],
    outputs: 1,
  },
}

test('n8n: the workflow has the shape that n8n imports, every node is reached, and no key is in it', () => {
  const { name, nodes, connections, settings } = workflow
  expect({ name, settings }).toEqual({ name: 'Ask a person with Countersign', settings: { executionOrder: 'v1' } })
  expect(new Set(nodes.map((node) => node.name)).size).toBe(nodes.length)
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  for (const node of nodes) {
    expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(node.position.map((at) => typeof at)).toEqual(['number', 'number'])
    const kind = known[node.type.replace(/^n8n-nodes-base\./, '')]
    expect(kind?.versions, node.type).toContain(node.typeVersion)
    for (const parameter of Object.keys(node.parameters)) expect(kind?.parameters, node.name).toContain(parameter)
    const outputs = (kind?.outputs ?? 0) + (node.onError === 'continueErrorOutput' ? 1 : 0)
    const leads = connections[node.name]?.main ?? []
    expect(leads.length, node.name).toBeLessThanOrEqual(outputs)
    for (const { node: target, type, index } of leads.flat()) {
      expect(byName.has(target), target).toBe(true)
      expect({ type, index }).toEqual({ type: 'main', index: 0 })
    }
    // What n8n waits between tries it bounds by five seconds, and tries by five.
    if (node.retryOnFail) expect(node).toMatchObject({ maxTries: 5, waitBetweenTries: 5000 })
  }
  for (const from of Object.keys(connections)) expect(byName.has(from), from).toBe(true)
  const reached = new Set(['Start'])
  for (const from of reached) for (const { node } of (connections[from]?.main ?? []).flat()) reached.add(node)
  expect([...reached].sort()).toEqual([...byName.keys()].sort())
  expect(JSON.stringify(workflow)).not.toMatch(/otw_|ak_live_|Bearer |"credentials"/)
  for (const node of ['Go on', 'Somebody said no', 'Nobody decided', 'Give up'])
    expect(read('n8n.md')).toContain(`**${node}**`)
})

/** Executes the workflow; `answer` is called when it has asked. */
async function executing(
  answer: (keyPath: string) => Promise<unknown>,
  more: { at?: string; now?: () => number } = {},
) {
  const key_path = `n8n/${++made}`
  const question = { url: more.at ?? url, key_path, info: 'From n8n', ttl_seconds: 600 }
  let answered: Promise<unknown> | undefined
  const sees = (name: string) => {
    if (name === 'Ask') answered = answer(key_path)
  }
  const went = await runWorkflow(workflow, { token: key, question, sees, ...(more.now ? { now: more.now } : {}) })
  await answered
  return { went, ...(await theOne(key_path)) }
}

test('n8n: executed node by node, the workflow goes where the answer sends it', async () => {
  const say = (action: string) => (keyPath: string) => decide(keyPath, action)
  const before = ['Start', 'Question', 'Ask', 'Wait for the answer', 'Still open?', 'Approved?']
  const yes = await executing(say('approve'))
  expect(yes.went).toEqual([...before, 'Go on'])
  expect(yes).toMatchObject({
    link: 'signed_in',
    info: 'From n8n',
    ref_id: expect.stringMatching(/^n8n \d+$/),
    status: 'executed',
  })
  expect((await executing(say('reject'), { at: url })).went).toEqual([...before, 'Rejected?', 'Somebody said no'])
  const late = await executing(async (keyPath) => {
    const { approval_id } = await theOne(keyPath)
    await world.db.sql`update approvals set expires_at = now() + interval '300 ms' where id = ${approval_id}`
  })
  expect(late.went).toEqual([...before, 'Rejected?', 'Nobody decided'])
})

test('n8n: a round that ends with nothing new is asked again', async () => {
  const short = structuredClone(workflow)
  const wait = short.nodes.find(({ name }) => name === 'Wait for the answer')
  Object.assign(wait?.parameters ?? {}, { queryParameters: { parameters: [{ name: 'wait', value: '1' }] } })
  const key_path = `n8n/${++made}`
  let rounds = 0
  let answered: Promise<void> | undefined
  const sees = (name: string) => {
    if (name === 'Still open?' && ++rounds === 2) answered = decide(key_path, 'approve')
  }
  const question = { url, key_path, info: 'x', ttl_seconds: 600 }
  const went = await runWorkflow(short, { token: key, question, sees })
  await answered
  expect(went.filter((name) => name === 'Wait for the answer').length).toBeGreaterThanOrEqual(3)
  expect(went.at(-1)).toBe('Go on')
})

test('n8n: lost replies make one approval, a server that is away is asked later, and given up after the end', async () => {
  const lost = Object.fromEntries(
    ['POST1', 'GET1', 'GET2', 'GET3', 'GET4', 'GET5'].map((what) => [what, 'page'] as const),
  )
  const { at } = await between(url, { ...lost, POST1: 'lost' })
  const { went } = await executing((keyPath) => decide(keyPath, 'approve'), { at })
  expect(went.slice(3)).toEqual([
    ...['Wait for the answer', 'Worth another try?', 'Pause', 'Wait for the answer', 'Still open?', 'Approved?'],
    'Go on',
  ])
  const gone = await between(url, lost)
  const later = () => Date.now() + 3_600_000
  await expect(executing(async () => undefined, { at: gone.at, now: later })).rejects.toThrow('nobody knows')
  await expect(runWorkflow(workflow, { token: 'no key', question: { url, key_path: 'x' } })).rejects.toThrow('401')
})
