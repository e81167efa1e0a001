import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { readEnv, variables } from '../../server/env.ts'
import { temporaryDirectory } from '../built.ts'
import { caddyBefore, given, imageOf, nginxBefore } from '../deployed.ts'
import { bearer, listen } from '../events.ts'
import { asker } from '../http.ts'
import { makeAsker, makeKey } from '../make.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const execute = promisify(execFile)
const require = createRequire(import.meta.url)
// Vite's: nothing of ours reads YAML.
const { parse }: { parse(text: string): Compose } = createRequire(require.resolve('vite'))('yaml')

type ComposeService = {
  environment: Record<string, string>
  secrets?: string[]
  volumes: string[]
  ports?: string[]
  networks: string[]
  healthcheck: { test: string[] }
}

type Compose = {
  services: { server: ComposeService; database: ComposeService }
  secrets: Record<string, { file: string }>
  volumes: Record<string, null>
  networks: { inside: { ipam: { config: { gateway: string }[] } } }
}

/** What tests of this file leave behind, undone last first. */
const undo: (() => unknown)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

const service = await serve({ TRUSTED_PROXIES: '127.0.0.1' })
const { world } = service
const { key, project } = await makeAsker(world)
const { key: admin } = await makeKey(world, project, 'admin')

/** A read with `wait`, from its start: when the value is this one, it waits. */
async function waiting(url: string, path: string, seconds: number) {
  const ask = asker(url)
  const now = await ask('GET', `/v1/key/${path}`, { key })
  const headers = { 'if-none-match': String(now.headers.etag) }
  return { reply: ask('GET', `/v1/key/${path}?wait=${seconds}`, { key, headers }) }
}

/** A request from another address of this machine than the proxy's: who the server says it was. */
const seenAs = (url: string, headers: Record<string, string>) =>
  new Promise<unknown>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const whole = { authorization: `Bearer ${key}`, ...headers }
    const sent = request(
      { hostname, port, method: 'PUT', path: '/v1/key/seen', localAddress: '127.0.0.2', headers: whole, agent: false },
      (reply) => {
        reply.resume()
        const id = String(reply.headers['x-request-id'])
        const look = async () => (await world.db.sql`select ip from events where request_id = ${id}`)[0]?.ip
        look().then(resolve, reject)
      },
    )
    sent.on('error', reject).end('x')
  })

/** A file of so many bytes that goes with a secret, sent by the proxy. */
async function uploaded(url: string, bytes: number): Promise<number> {
  const wish = { secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: Math.min(bytes, 5 * 1024 * 1024) }
  const { body } = await asker(url)('POST', '/v1/share', { key, body: wish })
  const headers = { 'content-type': 'application/octet-stream' }
  // Who refuses a body may hang up before all of it was sent.
  const { status } = await asker(url)('PUT', `/v1/link/uploads/${body.upload}`, {
    body: Buffer.alloc(bytes, 7),
    headers,
  }).catch(() => ({ status: 413 }))
  return status
}

describe.each([
  ['nginx', nginxBefore],
  ['Caddy', caddyBefore],
] as const)('%s with the configuration of reverse-proxy.md', (name, before) => {
  test('lets waits wait, streams stream, files through, and names the client', async () => {
    const url = await before(service.url)
    const ask = asker(url)
    const path = `by/${name}`
    expect((await ask('PUT', `/v1/key/${path}`, { key, body: 'one' })).status).toBe(201)

    // The longest wait, of which nothing comes.
    const longest = await waiting(url, path, 55)
    const other = `other/${name}`
    await ask('PUT', `/v1/key/${other}`, { key, body: 'one' })
    const short = await waiting(url, other, 30)
    await ask('PUT', `/v1/key/${other}`, { key, body: 'two' })
    expect((await short.reply).text).toBe('"two"')

    // Each is heard before the next is made: nothing is held back until there is more.
    const stream = await listen(url, bearer(admin))
    for (let n = 1; n <= 3; n++) {
      await ask('PUT', `/v1/key/${other}`, { key, body: `event ${n}` })
      expect((await stream.until(n)).at(-1)).toMatchObject({ event: 'value.set' })
    }

    expect(await seenAs(url, {})).toBe('127.0.0.2')
    expect(await seenAs(url, { 'x-forwarded-for': '203.0.113.9' })).toBe('127.0.0.2')
    expect(await uploaded(url, 5 * 1024 * 1024)).toBe(204)
    expect(await uploaded(url, 7 * 1024 * 1024)).toBe(413)

    // A path of its own, however a proxy would like to write it.
    expect((await ask('PUT', '/v1/key/deep%2Fpath', { key, body: 'x' })).status).toBe(
      (await asker(service.url)('PUT', '/v1/key/deep%2Fpath2', { key, body: 'x' })).status,
    )
    expect((await longest.reply).status).toBe(304)
    // Signs of life alone keep it open, and it goes on after the longest wait.
    await ask('PUT', `/v1/key/${other}`, { key, body: 'after a minute' })
    const heard = await stream.until(4)
    expect(heard.length).toBeGreaterThanOrEqual(4)
    stream.close()
  }, 180_000)
})

/** The variables of the environment that a text sets for the server; of `_FILE`s the variable. */
const known = new Set(Object.keys(variables.shape).flatMap((name) => [name, `${name}_FILE`]))

describe('compose.yaml', () => {
  const compose = parse(given('compose.yaml'))

  test('names only variables that there are, secrets that it declares, and volumes that it declares', () => {
    const { server, database } = compose.services
    expect(Object.keys(server.environment).filter((name) => !known.has(name))).toEqual([])
    for (const { secrets = [], environment, volumes } of [server, database]) {
      for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret)
      const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'))
      for (const [, path] of files) expect(secrets.map((one) => `/run/secrets/${one}`)).toContain(path)
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(String(volume).split(':')[0])
    }
    expect(server.networks).toEqual(database.networks)
    expect(database.ports).toBeUndefined()
    for (const port of server.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(compose.networks.inside.ipam.config[0]?.gateway).toBe(server.environment.TRUSTED_PROXIES)
  })

  test('asks for its health in the words of the Containerfile', () => {
    const [, health = ''] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(given('Containerfile')) ?? []
    const plain = (words: string[]) => words.join(' ').replace("' + (process.env.PORT ?? 3000) + '", '3000')
    expect(plain(compose.services.server.healthcheck.test.slice(1))).toBe(plain(JSON.parse(health)))
  })

  test('its secrets are made by the lines at its top, and a server starts with them', async () => {
    const dir = temporaryDirectory()
    const lines = given('compose.yaml')
      .split('\n')
      .flatMap((line) => /^# {3}(mkdir|openssl|echo|chmod) .*/.exec(line)?.[0].slice(4) ?? [])
    expect(lines).toHaveLength(5)
    await execute('sh', ['-euc', lines.join('\n')], { cwd: dir })
    const config = readEnv(compose.services.server.environment, (path) =>
      readFileSync(path.replace('/run/secrets', join(dir, 'secrets')), 'utf8'),
    )
    expect(config.masterKey).toHaveLength(32)
    expect(config.databaseUrl).toMatch(/^postgres:\/\/countersign:[0-9a-f]{48}@database\/countersign$/)
  })
})

describe('the Containerfile', () => {
  test('step by step makes a program that runs without its sources, as another account, and writes only where it says', async () => {
    const image = await imageOf(given('Containerfile'), async (line, cwd) => {
      await execute('sh', ['-euc', line], { cwd, maxBuffer: 1 << 26 })
    })
    expect(image.user).toBe('node')
    const dataDir = join(image.root, image.environment.DATA_DIR ?? '')
    const root = process.getuid?.() === 0
    // uid 1000 is the account `node` of the base image.
    const account = root ? { uid: 1000, gid: 1000 } : {}
    if (root) await execute('chown', ['-R', '1000:1000', dataDir])
    await execute('chmod', ['-R', 'a+rX,a-w', join(image.root, 'opt')])
    undo.push(() => execute('chmod', ['-R', 'u+w', join(image.root, 'opt')]))
    const port = String(await freePort())
    const PUBLIC_URL = `http://127.0.0.1:${port}`
    const environment = { ...image.environment, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: port, PUBLIC_URL }
    const env = { PATH: process.env.PATH, HOME: '/nonexistent', ...environment }
    const [program = '', file = '', ...args] = image.command
    expect(program).toBe('node')
    const child = spawn(process.execPath, [join(image.root, file), ...args], {
      env,
      cwd: '/',
      ...account,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    undo.push(() => child.kill('SIGKILL'))
    const [, ...check] = image.health
    const healthy = () =>
      execute(process.execPath, check, { env }).then(
        () => true,
        () => false,
      )
    while (!(await healthy())) {
      if (child.exitCode !== null) throw new Error(said)
      await sleep(200)
    }
    for (const page of ['/', '/docs', '/openapi.json', '/sign-in'])
      expect((await asker(PUBLIC_URL)('GET', page)).status, page).toBe(200)
    child.kill('SIGTERM')
    expect(await ended, said).toBe(0)
    expect(await healthy()).toBe(false)
  }, 400_000)
})
