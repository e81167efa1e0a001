import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, embeddedPid, run, type Served, startServer, temporaryDirectory } from '../built.ts'
import { freePort } from '../port.ts'

const keyShape = /^ot[rw]_[0-9A-Za-z]{32}$/

/** The one JSON value on stdout; nothing else may be there. */
const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)

const statusOf = async (url: string, key: string, path = '/v1/keys') =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).status

async function gone(dataDir: string): Promise<boolean> {
  for (let i = 0; i < 500 && embeddedPid(dataDir) !== undefined; i++) await sleep(10)
  return embeddedPid(dataDir) === undefined
}

beforeAll(() => {
  build()
})

describe('the command line', () => {
  test('makes project and key on a fresh directory without a server, and leaves no database running', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const project = await run(['project:create', '--name', 'demo', '--json'], { DATA_DIR: dataDir })
    expect(project).toMatchObject({ code: 0, stderr: '' })
    expect(json(project)).toEqual({ id: expect.stringMatching(/^[0-9A-Z]{26}$/), name: 'demo' })
    expect(embeddedPid(dataDir)).toBeUndefined()

    const made = await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], { DATA_DIR: dataDir })
    expect(made.code).toBe(0)
    expect(json(made)).toMatchObject({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      key: expect.stringMatching(keyShape),
      transports: ['header', 'basic'],
      expires_at: null,
    })
    expect(made.stdout.trim().split('\n')).toHaveLength(1)

    const listed = await run(['key:list', '--project', json(project).id, '--json'], { DATA_DIR: dataDir })
    expect(json(listed).items).toHaveLength(1)
    expect(listed.stdout).not.toContain(json(made).key)
    expect(await gone(dataDir)).toBe(true)
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600)
  })

  test('beside a running server: a key works at once, and no longer once it is revoked', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const server = await startServer({ DATA_DIR: dataDir })
    expect(server.stderr()).toContain(`Countersign is ready: ${server.url}`)
    expect(server.stderr()).toContain('key:create --project')
    const here = { DATA_DIR: dataDir, PUBLIC_URL: server.url }
    await run(['project:create', '--name', 'demo'], here)
    const printed = await run(['key:create', '--project', 'demo', '--preset', 'write'], here)
    const [key = ''] = printed.stdout.split('\n')
    expect(key).toMatch(keyShape)
    expect(printed.stdout).toContain(`\nCOUNTERSIGN_API_KEY=${key}\n`)

    // What was printed to be tried is tried, letter by letter.
    const curl = printed.stdout.slice(printed.stdout.indexOf('curl '))
    const approval = JSON.parse(
      execFileSync('sh', ['-c', curl], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }),
    )
    expect(approval).toMatchObject({ status: 'pending', url: expect.stringContaining(`${server.url}/a/`) })

    const { items } = json(await run(['key:list', '--project', 'demo', '--json'], here))
    const revoked = await run(['key:revoke', '--project', 'demo', '--id', items[0].id, '--json'], here)
    expect(json(revoked)).toMatchObject({ id: items[0].id, revoked_at: expect.any(String) })
    await sleep(200)
    expect(await statusOf(server.url, key)).toBe(401)
    expect(embeddedPid(dataDir)).toBeDefined()
    expect(await server.stop()).toMatchObject({ code: 0 })
    expect(await gone(dataDir)).toBe(true)
  })

  test('a key takes paths, lifetime and transports, and is only what it was made', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    await run(['project:create', '--name', 'demo'], here)
    const args = ['key:create', '--project', 'demo', '--preset', 'read', '--name', 'CI', '--key-paths', 'deploy/, a/b']
    const made = json(await run([...args, '--transports', 'query,header', '--expires-in', '90d', '--json'], here))
    expect(made).toMatchObject({
      name: 'CI',
      key_paths: ['deploy', 'a/b'],
      transports: ['header', 'query'],
      scopes: ['values:read'],
    })
    expect((Date.parse(made.expires_at) - Date.parse(made.created_at)) / 86_400_000).toBeCloseTo(90, 3)
  })

  test('misuse ends with 2, a no with 1; the reason is on stderr and stdout stays empty', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    await run(['project:create', '--name', 'demo'], here)
    const key = ['key:create', '--project', 'demo', '--preset', 'write']
    const misuses = [
      [],
      ['project:crate'],
      ['project:create'],
      ['project:create', '--name', '../x'],
      ['project:create', '--name', 'demo', 'demo'],
      ['key:create', '--project', 'demo', '--preset', 'root'],
      [...key, '--transports', 'header,pigeon'],
      [...key, '--key-paths', 'a//b'],
      [...key, '--expires-in', '1s'],
      [...key, '--expires-in', 'soon'],
      [...key, '--name', ''],
    ]
    const nos = [
      ['project:create', '--name', 'demo', '--json'],
      ['key:create', '--project', 'none', '--preset', 'write', '--json'],
      ['key:revoke', '--project', 'demo', '--id', 'none'],
    ]
    for (const [code, lines] of [[2, misuses] as const, [1, nos] as const])
      for (const line of lines) {
        const ended = await run(line, here)
        expect(ended, line.join(' ')).toMatchObject({ code, stdout: '' })
        expect(ended.stderr, line.join(' ')).toMatch(/\S/)
        expect(ended.stderr, line.join(' ')).not.toMatch(/\n\s+at /)
      }
    expect(await run(['--help'], here)).toMatchObject({ code: 0, stderr: '' })
  })

  test('doctor finds nothing wrong, and finds a key file that others may read', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const before = await run(['doctor', '--json'], { DATA_DIR: dataDir })
    expect(json(before).ok).toBe(true)
    expect(existsSync(dataDir)).toBe(false)
    await run(['migrate'], { DATA_DIR: dataDir })
    const well = await run(['doctor'], { DATA_DIR: dataDir })
    expect(well).toMatchObject({ code: 0, stderr: '' })
    expect(well.stdout.match(/^✓ /gm)).toHaveLength(6)
    chmodSync(join(dataDir, 'master.key'), 0o644)
    const ill = await run(['doctor', '--json'], { DATA_DIR: dataDir })
    expect(ill.code).toBe(1)
    expect(json(ill).checks.filter((one: { ok: boolean }) => !one.ok)).toMatchObject([{ check: 'data directory' }])
    const away = await run(['doctor'], {
      DATA_DIR: dataDir,
      DATABASE_URL: `postgres://u@127.0.0.1:${await freePort()}/d`,
    })
    expect(away.code).toBe(1)
    expect(away.stdout.match(/^✗ /gm)).toHaveLength(5)
  })
})

describe('a start', () => {
  test('with faults in the environment names them all, ends with 78 and makes nothing', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const faults = { PORT: 'many', DEMO: 'perhaps', MASTER_KEY: 'canary', TRUSTED_PROXIES: 'x/y' }
    const ended = await run(['serve'], { DATA_DIR: dataDir, ...faults })
    expect(ended).toMatchObject({ code: 78, stdout: '' })
    for (const name of Object.keys(faults)) expect(ended.stderr).toMatch(new RegExp(`^${name} must be `, 'm'))
    expect(ended.stderr).not.toContain('canary')
    expect(existsSync(dataDir)).toBe(false)
  })

  test('with a wrong, spoilt or missing master key ends with 78; put back, it starts', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    await run(['project:create', '--name', 'demo'], { DATA_DIR: dataDir })
    const file = join(dataDir, 'master.key')
    const right = readFileSync(file, 'utf8')
    const [port, other] = [String(await freePort()), 'ab'.repeat(32)]
    for (const [environment, content] of [
      [{ MASTER_KEY: other }, right],
      [{}, `${other}\n`],
      [{}, 'spoilt'],
      [{}, ''],
    ] as const) {
      writeFileSync(file, content)
      const ended = await run(['serve'], { DATA_DIR: dataDir, PORT: port, ...environment })
      expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining('master') })
      expect(ended.stderr).not.toContain(other)
    }
    execFileSync('rm', [file])
    expect(await run(['serve'], { DATA_DIR: dataDir, PORT: port })).toMatchObject({ code: 78 })
    expect(existsSync(file)).toBe(false)
    expect(await gone(dataDir)).toBe(true)
    const given = await run(['key:list', '--project', 'demo'], { DATA_DIR: dataDir, MASTER_KEY: right.trim() })
    expect(given).toMatchObject({ code: 0 })
  })

  test('two servers share a directory; the last one out stops the database', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    // At the same moment, on an empty directory: both must come to the same key and database.
    const [one, two] = await Promise.all([startServer(here), startServer(here)])
    await run(['project:create', '--name', 'demo'], here)
    const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], here))
    expect(await Promise.all([one, two].map(({ url }) => statusOf(url, key)))).toEqual([200, 200])
    expect(await one.stop()).toMatchObject({ code: 0 })
    expect(await statusOf(two.url, key)).toBe(200)
    expect(await two.stop('SIGINT')).toMatchObject({ code: 0 })
    expect(await gone(here.DATA_DIR)).toBe(true)
  })

  test('on a taken port says so and ends with 1', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    const server = await startServer(here)
    const port = new URL(server.url).port
    const ended = await run(['serve'], { ...here, PORT: port })
    expect(ended).toMatchObject({ code: 1, stderr: `Port ${port} is taken; choose another with PORT.\n` })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    await server.stop()
  })

  test('after kill -9 finds everything that was acknowledged', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    await run(['project:create', '--name', 'demo'], here)
    const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], here))
    const put = (server: Served, n: number) =>
      fetch(`${server.url}/v1/key/kill/n${n}`, {
        method: 'PUT',
        body: String(n),
        headers: { authorization: `Bearer ${key}` },
      })
    const kept: number[] = []
    for (let round = 0; round < 3; round++) {
      const server = await startServer({ ...here, RATE_LIMITS: '*=1000000/60' })
      let going = true
      const writer = async (from: number) => {
        for (let n = from; going; n += 4) {
          const reply = await put(server, n).catch(() => undefined)
          if (reply?.ok) kept.push(n)
        }
      }
      const writers = [0, 1, 2, 3].map((lane) => writer(round * 100_000 + lane))
      await sleep(300)
      server.child.kill('SIGKILL')
      await server.ended
      going = false
      await Promise.all(writers)
    }
    expect(kept.length).toBeGreaterThan(30)
    const server = await startServer({ ...here, RATE_LIMITS: '*=1000000/60' })
    for (const n of kept) expect(await statusOf(server.url, key, `/v1/key/kill/n${n}`)).toBe(200)
    // The control: what was never acknowledged is not there.
    expect(await statusOf(server.url, key, '/v1/key/kill/n999999')).toBe(404)
    await server.stop()
    expect(await gone(here.DATA_DIR)).toBe(true)
  })

  test('logs one JSON value per line on stdout, warns of replaced limits, and tells of signal and end', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data'), RATE_LIMITS: 'key read=7/60' }
    const server = await startServer(here)
    const { stdout, code } = await server.stop()
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', limit: 'key read', setting: '7/60' }))
    expect(lines).toContainEqual(expect.objectContaining({ level: 'info', msg: 'Ready', url: server.url }))
    expect(lines.at(-1)).toMatchObject({ msg: 'Stopped' })
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'Stopping', signal: 'SIGTERM' }))
  })

  test('SIGTERM lets a request that is under way end', async () => {
    const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
    await run(['project:create', '--name', 'demo'], here)
    const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], here))
    const server = await startServer(here)
    const waiting = statusOf(server.url, key, '/v1/key/never/set?wait=50')
    await sleep(300)
    const began = performance.now()
    const ended = server.stop()
    expect(await waiting).toBe(404)
    expect(await ended).toMatchObject({ code: 0, signal: null })
    // Far below the 50 s that the request would have waited.
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
