import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client, CountersignError, isRejection, outcomeOf } from '../../clients/typescript/src/index.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { as, asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const run = promisify(execFile)
const source = join(packageRoot, 'clients', 'typescript')
const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const client = new Client({ baseUrl: `${url}/`, apiKey: key })

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

async function press(link: string, action: string) {
  const visitor = asVisitor(world)
  const token = link.slice(-26)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action, csrf_token, action_hash })
}

/** A server on loopback that answers as it is told, and what it was asked. */
async function answering(answer: (nth: number) => { status: number; headers?: Record<string, string>; body?: string }) {
  const seen: { method: string; idempotencyKey: unknown }[] = []
  const server = createServer((request, reply) => {
    request.resume()
    seen.push({ method: request.method ?? '', idempotencyKey: request.headers['idempotency-key'] })
    const { status, headers = {}, body = '' } = answer(seen.length)
    if (status === 0) return void request.socket.destroy()
    reply.writeHead(status, headers).end(body)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { seen, client: new Client({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'k' }) }
}

describe('the client', () => {
  test('waits for a decision, which is an answer; a timeout and an aborted signal are errors of their own', async () => {
    const asked = await client.approvals.create({ key_path: 'sdk/wait', value: 'approved' })
    await expect(client.approvals.waitFor(asked.approval_id, { timeout: 300 })).rejects.toMatchObject({
      name: 'CountersignError',
      code: 'TIMED_OUT',
    })
    const stop = new AbortController()
    const waiting = client.approvals.waitFor(asked.approval_id, { signal: stop.signal, timeout: 60_000 })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    const answer = client.approvals.waitFor(asked.approval_id)
    await press(asked.url, 'approve')
    expect(outcomeOf(await answer)).toBe('approved')
    expect(await client.values.get('sdk/wait')).toBe('approved')
  })

  test('says with code, status and request id why not', async () => {
    const stranger = new Client({ baseUrl: url, apiKey: `otw_${'x'.repeat(32)}` })
    const fault = await stranger.values.get('a').catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(CountersignError)
    expect(fault).toMatchObject({ code: 'INVALID_API_KEY', status: 401, requestId: expect.stringMatching(/\S/) })
    await expect(client.values.get('sdk/nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
    await expect(client.approvals.create({ key_path: 'a//b', value: 'x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'key_path', message: expect.any(String) }],
    })
    const nowhere = new Client({ baseUrl: `http://127.0.0.1:${await freePort()}`, apiKey: key, maxRetries: 1 })
    await expect(nowhere.values.get('a')).rejects.toMatchObject({ code: 'UNREACHABLE', status: 0 })
    const proxy = await answering(() => ({ status: 500, body: '<html>' }))
    await expect(proxy.client.values.get('a')).rejects.toMatchObject({ code: 'HTTP_500', status: 500 })
    expect(proxy.seen).toHaveLength(1)
  })

  test('repeats a read and a creation, under one Idempotency-Key, and never a write', async () => {
    const passing = (nth: number) =>
      [{ status: 0 }, { status: 429, headers: { 'retry-after': '0' } }][nth - 1] ?? { status: 200, body: '"x"' }
    const reads = await answering(passing)
    expect(await reads.client.values.get('a')).toBe('x')
    expect(reads.seen).toHaveLength(3)
    const creations = await answering(passing)
    await creations.client.approvals.create({ key_path: 'a', value: 'x' })
    expect(creations.seen).toHaveLength(3)
    expect(new Set(creations.seen.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(creations.seen[0]?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
    const writes = await answering(passing)
    await expect(writes.client.values.put('a', 'x')).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(writes.seen).toHaveLength(1)
    const locked = await answering(() => ({ status: 429 }))
    await expect(locked.client.values.get('a')).rejects.toMatchObject({ status: 429 })
    expect(locked.seen).toHaveLength(1)
  })

  test.each([
    ['danger', 'go', true],
    ['primary', 'reject', true],
    ['default', 'Deny', true],
    ['#ff0000', 'go', false],
    ['primary', 'rejecting', false],
  ])('an action of style %s and key %s: a no is %s', (style, key, no) => {
    expect(isRejection({ style, key })).toBe(no)
  })
})

// In the package, where its dependency is found; the name is ignored by git.
const scratch = mkdtempSync(join(packageRoot, 'dist-sdk-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const quickStart = `import { Client, outcomeOf } from '@countersign/sdk'

const [baseUrl = '', apiKey = ''] = process.argv.slice(2)
const client = new Client({ baseUrl, apiKey })
const asked = await client.approvals.create({
  key_path: 'deploy/prod',
  actions: [
    { key: 'approve', value: 'approved', style: 'primary' },
    { key: 'reject', value: 'rejected', style: 'danger' },
  ],
  info: 'Deploy v2.1.0 to production',
})
process.stderr.write(asked.url + '\\n')
const answer = await client.approvals.waitFor(asked.approval_id, { timeout: 60_000 })
const value: string = await client.values.get('deploy/prod')
await client.values.put('deploy/done', 'say "hi"')
process.stdout.write([outcomeOf(answer), value, await client.values.get('deploy/done')].join(' '))
`

describe('the package', () => {
  const installed = join(scratch, 'node_modules', '@countersign', 'sdk')
  let packed: string[] = []

  beforeAll(async () => {
    const copy = join(scratch, 'source')
    cpSync(source, copy, { recursive: true, filter: (path) => !/[/\\](dist|node_modules)$/.test(path) })
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: copy })
    const [made] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string; files: { path: string }[] }] // npm's own
    packed = made.files.map(({ path }) => path)
    mkdirSync(installed, { recursive: true })
    await run('tar', ['-xzf', join(scratch, made.filename), '-C', installed, '--strip-components', '1'])
  }, 300_000)

  test('holds what it needs and nothing else', () => {
    const made = ['api', 'approvals', 'client', 'deadline', 'error', 'http', 'index', 'outcome', 'patient', 'values']
    const expected = ['README.md', 'package.json', ...made.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`])]
    expect(packed.toSorted()).toEqual(expected.toSorted())
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).dependencies).toEqual({
      'openapi-fetch': expect.any(String),
    })
  })

  test('compiles under strict where it is installed, refuses what the document does not allow, and runs the quick start', {
    timeout: 300_000,
  }, async () => {
    const consumer = join(scratch, 'consumer.ts')
    writeFileSync(join(scratch, 'package.json'), '{"type":"module"}')
    writeFileSync(consumer, quickStart)
    writeFileSync(join(scratch, 'wrong.ts'), quickStart.replace(`key: 'approve'`, 'key: 1'))
    const flags = ['--strict', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node', '--outDir', scratch]
    const tsc = join(packageRoot, 'node_modules', '.bin', 'tsc')
    const said = await run(tsc, [...flags, consumer, join(scratch, 'wrong.ts')]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    )
    expect(said.match(/^\S.*error TS\d+/gm)).toEqual([expect.stringMatching(/wrong\.ts.*TS2322/)])

    const child = execFile(process.execPath, [pathToFileURL(join(scratch, 'consumer.js')).pathname, url, key])
    let [stdout, stderr] = ['', '']
    child.stdout?.on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.on('data', (text: string) => {
      stderr += text
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await expect.poll(() => stderr, { timeout: 30_000 }).toContain('/a/')
    await press(stderr.trim(), 'approve')
    expect([await ended, stdout]).toEqual([0, 'approved approved say "hi"'])
    expect((await as(world, actor).approvals.list({ key_path: 'deploy/prod', limit: 10 })).items).toHaveLength(1)
  })

  test('has the types of openapi.json as it is; `npm run openapi` makes them anew', { timeout: 300_000 }, async () => {
    const { generate } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).scripts
    const fresh = join(scratch, 'api.ts')
    const [name = '', ...args] = generate.replace('../../', `${packageRoot}/`).replace('src/api.ts', fresh).split(' ')
    await run(join(packageRoot, 'node_modules', '.bin', name), args)
    expect(readFileSync(fresh, 'utf8') === readFileSync(join(source, 'src', 'api.ts'), 'utf8')).toBe(true)
  })
})
