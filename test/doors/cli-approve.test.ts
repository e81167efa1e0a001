import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { as } from '../as.ts'
import { build, json, start as startProcess, temporaryDirectory } from '../built.ts'
import { command, type Here, pressing } from '../cli.ts'
import { browser } from '../http.ts'
import { makeAsker } from '../make.ts'
import { meddler } from '../meddler.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }

/** `countersign approve` in this process. */
const asking = (line: string[], environment: Partial<Here> = here, watched = false) =>
  command(['approve', ...line], environment, { watched })

const press = (said: () => string, action: string) => pressing(url, said, action)

/** The one approval that was asked for under a path. */
async function theOne(key_path: string) {
  let found: { approval_id: string }[] = []
  const look = async () => {
    found = (await as(world, actor).approvals.list({ key_path, limit: 10 })).items
    return found.length
  }
  await expect.poll(look, { timeout: 15_000 }).toBe(1)
  return found[0]?.approval_id ?? ''
}

beforeAll(() => {
  build()
}, 300_000)

test('approved: the value is all of stdout, the link is on stderr only, and the code is 0', async () => {
  const asked = asking(['cli/yes', '--info', 'Deploy it', '--ref-id', 'run-1', '--wait'])
  await press(asked.stderr, 'approve')
  const { code, stdout, stderr } = await asked.ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'approved\n' })
  expect(stderr.trim()).toMatch(new RegExp(`^${url}/a/\\w{26}$`))
  expect(stderr).not.toContain(key)
  const read = await as(world, actor).approvals.get({ approval_id: await theOne('cli/yes') })
  expect(read).toMatchObject({ info: 'Deploy it', ref_id: 'run-1' })
})

test('as a process of its own, that knows nothing but URL and key and opens no database: rejected is 3', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const line = ['approve', 'cli/no', '--wait', '--timeout', '2m']
  const asked = startProcess(line, { ...here, DATA_DIR: dataDir, MASTER_KEY: 'not one', PORT: 'none' })
  await press(asked.stderr, 'reject')
  const { code, stdout, stderr } = await asked.ended
  expect({ code, stdout }).toEqual({ code: 3, stdout: 'rejected\n' })
  expect(stderr).toContain('Rejected by')
  expect(existsSync(dataDir)).toBe(false)
})

test('buttons of one’s own keep their colons, and a danger is a no whatever its key', async () => {
  const line = ['cli/own', '--action', 'go=a\\:b\\\\:Go\\: now:primary', '--action', 'wipe=gone::danger', '--wait']
  const asked = asking(line)
  await press(asked.stderr, 'wipe')
  expect(await asked.ended).toMatchObject({ code: 3, stdout: 'gone\n' })
  const { actions } = await as(world, actor).approvals.get({ approval_id: await theOne('cli/own') })
  expect(actions).toMatchObject([
    { key: 'go', value: 'a:b\\', label: 'Go: now', style: 'primary' },
    { key: 'wipe', value: 'gone', style: 'danger' },
  ])
})

test('--json prints one object: what was made, what was decided, or that the time was up', async () => {
  const made = await asking(['cli/json', '--value', 'x', '--pin', '--json']).ended
  expect(made.code).toBe(0)
  const { pin, ...rest } = JSON.parse(made.stdout)
  expect(rest).toMatchObject({ status: 'pending', url: made.stderr.split('\n')[0] })
  expect(made.stderr).toContain(`PIN: ${pin}`)

  const asked = asking(['cli/json2', '--wait', '--json'])
  await press(asked.stderr, 'approve')
  const decided = JSON.parse((await asked.ended).stdout)
  expect(decided).toMatchObject({ outcome: 'approved', decision: { value: 'approved' } })

  const late = await asking(['cli/json3', '--timeout', '1s', '--ttl', '60s', '--json']).ended
  expect(late.code).toBe(4)
  expect(JSON.parse(late.stdout)).toMatchObject({ outcome: 'timed_out', approval_id: await theOne('cli/json3') })
})

test('without --wait it prints the id at once, and a person at a terminal sees a QR code', async () => {
  const asked = asking(['cli/id'], here, true)
  const { code, stdout, stderr } = await asked.ended
  expect(code).toBe(0)
  expect(stdout.trim()).toBe(await theOne('cli/id'))
  expect(stderr).toMatch(/█[█▀▄ ]{20,}/)
})

test('expired and timed out are 4, invalidated is 5, and stdout stays empty', async () => {
  const [expiring, taken, late] = [
    asking(['cli/expired', '--wait']),
    asking(['cli/invalidated', '--wait']),
    asking(['cli/late', '--timeout', '1s']),
  ]
  const id = await theOne('cli/expired')
  await world.db.sql`update approvals set expires_at = now() + interval '300 ms' where id = ${id}`
  await as(world, actor).approvals.invalidate({ approval_id: await theOne('cli/invalidated') })
  expect(await expiring.ended).toMatchObject({ code: 4, stdout: '' })
  expect(await taken.ended).toMatchObject({ code: 5, stdout: '' })
  const { stderr, ...ended } = await late.ended
  expect(ended).toEqual({ code: 4, stdout: '' })
  expect(stderr).toContain('Nobody decided in time.')
})

test('missing or wrong settings are 2, a no of the API is 1 with one sentence and its request id', async () => {
  const missing = await asking(['cli/none'], {}).ended
  expect(missing).toMatchObject({ code: 2, stdout: '' })
  expect(missing.stderr).toBe('COUNTERSIGN_URL is not set. COUNTERSIGN_API_KEY is not set.\n')
  const odd = await asking(['cli/none'], { COUNTERSIGN_URL: 'ftp://x', COUNTERSIGN_API_KEY: 'se\ncret' }).ended
  expect(odd.code).toBe(2)
  expect(odd.stderr).not.toContain('cret')
  for (const line of [
    ['a', '--value', 'x', '--action', 'y=z'],
    ['a', '--action', 'y'],
    ['a', '--ttl', '9s'],
    [],
    ['a', 'b'],
  ])
    expect(await asking(line).ended, line.join(' ')).toMatchObject({ code: 2, stdout: '' })

  const unknown = await asking(['cli/none'], { ...here, COUNTERSIGN_API_KEY: `otw_${'x'.repeat(32)}` }).ended
  expect(unknown).toMatchObject({ code: 1, stdout: '' })
  expect(unknown.stderr).toMatch(/^The API key is malformed or does not exist\. \(request \S+\)\n$/)
  const faulty = await asking(['cli//none']).ended
  expect(faulty).toMatchObject({ code: 1, stdout: '' })
  expect(faulty.stderr).toMatch(/^key_path: .*\(request \S+\)\n$/)
})

test('a creation whose reply was lost is sent again and makes no second approval', async () => {
  const lossy = await meddler(url, { loses: ({ method, nth }) => method === 'POST' && nth === 1 })
  const { code, stdout } = await asking(['cli/lost'], { ...here, COUNTERSIGN_URL: lossy.url }).ended
  expect(code).toBe(0)
  expect(lossy.seen.map(({ method }) => method)).toEqual(['POST', 'POST'])
  expect(stdout.trim()).toBe(await theOne('cli/lost'))
})

test('a connection that drops while it waits is made again', async () => {
  const lossy = await meddler(url, { loses: ({ method, nth }) => method === 'GET' && nth <= 2 })
  const asked = asking(['cli/dropped', '--wait'], { ...here, COUNTERSIGN_URL: lossy.url })
  await press(asked.stderr, 'approve')
  expect(await asked.ended).toMatchObject({ code: 0, stdout: 'approved\n' })
  expect(lossy.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET'])
})

test('interrupted, it says how the request goes on; with --cancel-on-interrupt it is withdrawn', async () => {
  const left = asking(['cli/left', '--wait'])
  await expect.poll(left.hears, { timeout: 15_000 }).toBe(true)
  left.signal('SIGINT')
  const { code, stdout, stderr } = await left.ended
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
  expect(stderr).toContain('The link works until')
  const read = async (key_path: string) => as(world, actor).approvals.get({ approval_id: await theOne(key_path) })
  expect(await read('cli/left')).toMatchObject({ status: 'pending' })

  const line = ['approve', 'cli/withdrawn', '--wait', '--cancel-on-interrupt', '--json']
  const taken = startProcess(line, here)
  await expect.poll(taken.stderr, { timeout: 15_000 }).toContain('/a/')
  await theOne('cli/withdrawn')
  taken.child.kill('SIGTERM')
  const ended = await taken.ended
  expect(ended).toMatchObject({ code: 143, signal: null })
  expect(ended.stderr).toContain('The request is withdrawn.')
  expect(json(ended)).toMatchObject({ outcome: 'interrupted', approval_id: await theOne('cli/withdrawn') })
  expect(await read('cli/withdrawn')).toMatchObject({ status: 'invalidated' })
})

test('a person at a terminal sees that it waits, and nothing of that stays', async () => {
  const asked = asking(['cli/spin', '--wait'], here, true)
  await expect.poll(asked.drawn, { timeout: 15_000 }).toMatch(/Waiting for an answer, (10:00|9:\d\d) left/)
  await press(asked.stderr, 'approve')
  expect(await asked.ended).toMatchObject({ code: 0, stdout: 'approved\n' })
  expect(asked.drawn().endsWith('\r\u001b[K')).toBe(true)
  expect(asked.stderr()).not.toContain('Waiting')
})

test('under one --idempotency-key a command that crashed asks nothing new, and finds what was decided', async () => {
  const line = ['cli/again', '--idempotency-key', 'build-7', '--wait']
  const first = asking(line)
  await press(first.stderr, 'reject')
  expect(await first.ended).toMatchObject({ code: 3 })
  const second = await asking(line).ended
  expect(second).toMatchObject({ code: 3, stdout: 'rejected\n' })
  await theOne('cli/again')
})

test('five wrong PINs lock it: 5', async () => {
  const asked = asking(['cli/locked', '--pin', '--wait'])
  await expect.poll(asked.stderr, { timeout: 15_000 }).toMatch(/PIN: \d{6}\n/)
  const [, token = '', right = ''] = /\/a\/(\w{26})\nPIN: (\d{6})/.exec(asked.stderr()) ?? []
  const pin = right === '000000' ? '000001' : '000000'
  const visitor = browser(url)
  for (let i = 0; i < 5; i++) await visitor.press(token, 'approve', { pin })
  expect(await asked.ended).toMatchObject({ code: 5, stdout: '' })
})
