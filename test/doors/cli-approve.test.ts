import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../server/cli/program.ts'
import { CommandFault } from '../../server/cli/terminal.ts'
import { readCaller } from '../../server/env.ts'
import { openLog } from '../../server/lib/log.ts'
import { serve as start } from '../../server/serve.ts'
import type { World } from '../../server/world.ts'
import { as, asVisitor } from '../as.ts'
import { build, start as startProcess, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { makeAsker } from '../make.ts'
import { freePort } from '../port.ts'
import { configOf, serve } from '../serve.ts'

const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }

/** `countersign approve` in this process, as main.ts ends it. */
function asking(line: string[], environment: Record<string, string> = here, watched = false) {
  let [stdout, stderr] = ['', '']
  const out = (text: string) => {
    stdout += `${text}\n`
  }
  const err = (text: string) => {
    stderr += `${text}\n`
  }
  const config = () => {
    throw new Error('The settings of a server were read.')
  }
  const terminal = {
    ...{ out, err, config, watched, color: false },
    caller: () => readCaller(environment, () => ''),
    stopped: () => new Promise<string>(() => undefined),
  }
  const ended = runCommand(['approve', ...line], terminal, '0.0.0').catch((error) => {
    if (!(error instanceof CommandFault)) throw error
    err(error.message)
    return error.exitCode
  })
  return { ended: ended.then((code) => ({ code, stdout, stderr })), stderr: () => stderr }
}

/** Presses a button behind the link that a command printed, as soon as it did. */
async function press(said: () => string, action: string, at: World = world) {
  await expect.poll(said, { timeout: 15_000 }).toMatch(/\/a\/\w{26}\n/)
  const token = /\/a\/(\w{26})\n/.exec(said())?.[1] ?? ''
  const visitor = asVisitor(at)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action, csrf_token, action_hash })
}

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

test('a server that is stopped and started again while a command waits loses nothing', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const asker = await makeAsker(first.world)
  const asked = asking(['cli/restart', '--wait', '--timeout', '2m'], {
    COUNTERSIGN_URL: first.url,
    COUNTERSIGN_API_KEY: asker.key,
  })
  await expect.poll(asked.stderr, { timeout: 15_000 }).toContain('/a/')
  await sleep(300)
  await first.close()
  await sleep(700)
  const second = await start(config, openLog('silent'), { address })
  await press(asked.stderr, 'approve', second.world)
  const ended = await asked.ended
  await second.close()
  expect(ended).toMatchObject({ code: 0, stdout: 'approved\n' })
})

/** Passes requests on, and loses the replies that `loses` names. */
async function lossy(loses: (method: string, nth: number) => boolean) {
  const seen: string[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const method = request.method ?? ''
    seen.push(method)
    const body = Buffer.concat(chunks)
    const { authorization = '', 'content-type': type = '', 'idempotency-key': once } = request.headers
    const headers = { authorization, ...(once ? { 'content-type': type, 'idempotency-key': String(once) } : {}) }
    const came = await fetch(url + request.url, { method, headers, ...(body.length ? { body } : {}) })
    const text = await came.text()
    if (loses(method, seen.filter((one) => one === method).length)) return void request.socket.destroy()
    reply.writeHead(came.status, { 'content-type': 'application/json' }).end(text)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { seen, url: `http://127.0.0.1:${port}` }
}

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

test('a creation whose reply was lost is sent again and makes no second approval', async () => {
  const between = await lossy((method, nth) => method === 'POST' && nth === 1)
  const { code, stdout } = await asking(['cli/lost'], { ...here, COUNTERSIGN_URL: between.url }).ended
  expect(code).toBe(0)
  expect(between.seen).toEqual(['POST', 'POST'])
  expect(stdout.trim()).toBe(await theOne('cli/lost'))
})

test('a connection that drops while it waits is made again', async () => {
  const between = await lossy((method, nth) => method === 'GET' && nth <= 2)
  const asked = asking(['cli/dropped', '--wait'], { ...here, COUNTERSIGN_URL: between.url })
  await press(asked.stderr, 'approve')
  expect(await asked.ended).toMatchObject({ code: 0, stdout: 'approved\n' })
  expect(between.seen).toEqual(['POST', 'GET', 'GET', 'GET'])
})
