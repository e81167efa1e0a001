import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyWebhook } from '../../clients/typescript/src/webhook.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { testWorld } from '../serve.ts'
import { until } from '../until.ts'
import { delivering, type Got, inside, receiver } from '../webhooks.ts'
import { run, unless } from './generated.ts'

/** A delivery as the sample verifiers read it. */
type Delivery = { secret: string; id: string; timestamp: string; signature: string; body: string }

const dir = mkdtempSync(join(tmpdir(), 'countersign-verify-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const sample = (file: string) => join(packageRoot, 'clients', 'recipes', 'webhooks', file)
const go = join(dir, 'verify')

/** What a program answers, line for line. */
function answers(command: readonly string[], deliveries: readonly Delivery[]): Promise<string[]> {
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('error', reject).on('close', () => resolve(said.trim().split('\n')))
    child.stdin.end(deliveries.map((one) => `${JSON.stringify(one)}\n`).join(''))
  })
}

/** The function of the SDK, asked in the same way. */
const sdk = (deliveries: readonly Delivery[]) =>
  Promise.all(
    deliveries.map(({ secret, id, timestamp, signature, body }) => {
      const headers = { 'webhook-id': id, 'Webhook-Timestamp': timestamp, 'webhook-signature': signature }
      return verifyWebhook(body, headers, secret).then(
        ({ type }) => (type === JSON.parse(body).type ? 'ok' : 'another event'),
        () => 'no',
      )
    }),
  )

type Verifier = {
  name: string
  missing?: string | undefined
  ask: (deliveries: readonly Delivery[]) => Promise<string[]>
}

const verifiers: Verifier[] = [
  { name: 'Node', ask: (all) => answers([process.execPath, sample('verify.mjs')], all) },
  {
    name: 'Python',
    missing: await unless(run(['python3', '--version'], dir), 'Python is left out: there is no python3 here.'),
    ask: (all) => answers(['python3', sample('verify.py')], all),
  },
  {
    name: 'Go',
    missing: await unless(
      run(['go', 'build', '-o', go, sample('verify.go')], dir),
      'Go is left out: there is no go here.',
    ),
    ask: (all) => answers([go], all),
  },
  { name: 'the SDK', ask: sdk },
]
for (const { missing } of verifiers) if (missing) process.stderr.write(`${missing}\n`)

/** The clock of the sender, in minutes from now. */
let minutes = 0
const world = await testWorld(inside, { clock: { now: () => new Date(Date.now() + minutes * 60_000) } })
delivering(world)
const project = await makeProject(world)
const mine = as(world, (await makePerson(world, project)).actor).webhooks
const { actor } = await makeKey(world, project)
const to = await receiver()
const made = await mine.create({ url: to.url, events: ['value.set'] })

const from = (secret: string, { id, headers, body }: Got): Delivery => ({
  secret,
  id,
  timestamp: String(headers['webhook-timestamp']),
  signature: String(headers['webhook-signature']),
  body,
})

/** So many events happen; answers what came of them. */
async function deliver(count: number): Promise<Got[]> {
  const before = to.got.length
  for (let n = 0; n < count; n += 10)
    await Promise.all(
      Array.from({ length: Math.min(10, count - n) }, () =>
        as(world, actor).values.put({ key_path: 'some/name', value: 'x' }),
      ),
    )
  await until(async () => to.got.length === before + count, 120_000)
  return to.got.slice(before)
}

/** The body with one bit of one character changed, so that it stays a text. */
function flipped(delivery: Delivery, at: number): Delivery {
  const bytes = Buffer.from(delivery.body)
  const place = at % bytes.length
  bytes[place] = (bytes[place] ?? 0) ^ 1
  return { ...delivery, body: bytes.toString() }
}

const count = 1000
const fresh = (await deliver(count)).map((one) => from(made.secret, one))
const { secret: second } = await mine.rotate({ webhook_id: made.id })
const rotating = await deliver(10)
minutes = -6
const old = (await deliver(5)).map((one) => from(second, one))
minutes = 6
const early = (await deliver(5)).map((one) => from(second, one))
minutes = 0

const all = (answer: string, length: number) => Array.from({ length }, () => answer)

describe.each(verifiers.filter(({ missing }) => missing === undefined))('the verifier in $name', ({ ask }) => {
  test(`believes ${count} real deliveries`, async () => {
    expect(await ask(fresh)).toEqual(all('ok', count))
  })

  test('believes none of them with one bit of the body changed', async () => {
    expect(await ask(fresh.map((one, at) => flipped(one, at * 7)))).toEqual(all('no', count))
  })

  test('believes none with another id, time or signature, nor under another secret', async () => {
    const [one, other] = fresh
    if (!one || !other) throw new Error('Nothing was delivered.')
    const wrong: Delivery[] = [
      { ...one, id: other.id },
      { ...one, timestamp: String(Number(one.timestamp) + 1) },
      { ...one, timestamp: `${one.timestamp}.0` },
      { ...one, timestamp: '' },
      { ...one, signature: other.signature },
      { ...one, signature: '' },
      { ...one, signature: 'v1,' },
      { ...one, signature: one.signature.replace('v1,', 'v2,') },
      { ...one, signature: one.signature.slice(3) },
      { ...one, signature: one.signature.slice(0, -4) },
      { ...one, signature: 'v1,not base64 %%%' },
      { ...one, secret: second },
    ]
    expect(await ask(wrong)).toEqual(all('no', wrong.length))
  })

  test('believes what is signed by two secrets under either of them', async () => {
    for (const secret of [made.secret, second])
      expect(await ask(rotating.map((one) => from(secret, one)))).toEqual(all('ok', rotating.length))
  })

  test('believes nothing that was signed six minutes ago, or will be in six minutes', async () => {
    expect(await ask([...old, ...early])).toEqual(all('no', 10))
  })
})
