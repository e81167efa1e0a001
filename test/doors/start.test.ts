import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { build, gone, json, run, type Served, startServer, statusOf, temporaryDirectory } from '../built.ts'
import { freePort } from '../port.ts'

beforeAll(() => {
  build()
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
      // In the middle of writing, however slow the machine is.
      while (kept.length < (round + 1) * 20) await sleep(5)
      server.child.kill('SIGKILL')
      await server.ended
      going = false
      await Promise.all(writers)
    }
    expect(kept.length).toBeGreaterThanOrEqual(60)
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

  test('under npm ends with it, whoever gets the signal', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    for (const whole of [true, false]) {
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, PORT: String(await freePort()) }
      const npm = spawn('npm', ['start'], { cwd: packageRoot, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      let [stdout, stderr] = ['', '']
      npm.stdout.on('data', (text) => {
        stdout += text
      })
      npm.stderr.on('data', (text) => {
        stderr += text
      })
      const closed = new Promise((resolve) => npm.on('close', resolve))
      while (!stderr.includes('is ready')) await sleep(10)
      // ^C in a terminal goes to the whole group, and npm passes it on once more; a supervisor tells npm alone.
      if (whole) process.kill(-Number(npm.pid), 'SIGINT')
      else npm.kill('SIGTERM')
      await closed
      expect(stdout).toContain('"msg":"Stopped"')
      expect(await gone(dataDir)).toBe(true)
    }
  })
})
