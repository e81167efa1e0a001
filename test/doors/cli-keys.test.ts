import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { presets } from '../../shared/scopes.ts'
import { build, json, run, startServer, statusOf, temporaryDirectory } from '../built.ts'
import { typed } from '../typed.ts'

beforeAll(() => {
  build()
})

const create = (preset: string, ...more: string[]) => ['key:create', '--project', 'demo', '--preset', preset, ...more]

test('key:create makes a key of every preset, each with its prefix, scopes and environment', async () => {
  const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
  await run(['project:create', '--name', 'demo'], here)
  for (const [preset, { prefix, scopes, env }] of Object.entries(presets)) {
    const made = json(await typed(create(preset, '--json'), here))
    expect(made).toMatchObject({
      name: `${preset} key`,
      scopes,
      env,
      status: 'active',
      hint: `${prefix}…${made.key.slice(-4)}`,
    })
    expect(made.key.startsWith(prefix)).toBe(true)
  }
  const { items } = json(await run(['key:list', '--project', 'demo', '--json'], here))
  expect(items.map((one: { env: string }) => one.env).toSorted()).toEqual(['live', 'live', 'live', 'live', 'test'])
  const agent = await run(create('agent-live'), here)
  expect(agent.stdout).toContain('COUNTERSIGN_API_KEY=ak_live_')
  expect(agent.stdout).not.toContain('curl')
})

test('key:create takes a description, addresses and logging, and key:rotate makes its successor', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const server = await startServer({ DATA_DIR: dataDir })
  const here = { DATA_DIR: dataDir, PUBLIC_URL: server.url }
  await run(['project:create', '--name', 'demo'], here)
  const wish = ['--description', 'Deploys', '--ip-allowlist', '127.0.0.1, 10.0.0.0/8', '--logging', 'both', '--json']
  const old = json(await run(create('write', ...wish), here))
  expect(old).toMatchObject({ description: 'Deploys', ip_allowlist: ['127.0.0.1', '10.0.0.0/8'], logging: 'both' })
  expect(await statusOf(server.url, old.key)).toBe(200)

  const rotate = (...more: string[]) => run(['key:rotate', '--project', 'demo', '--id', old.id, ...more], here)
  const made = json(await rotate('--grace', '0s', '--json'))
  expect(made).toMatchObject({
    replaces: old.id,
    description: 'Deploys',
    ip_allowlist: old.ip_allowlist,
    scopes: old.scopes,
  })
  await expect.poll(() => statusOf(server.url, old.key)).toBe(401)
  expect(await statusOf(server.url, made.key)).toBe(200)
  expect(await rotate()).toMatchObject({ code: 1, stdout: '' })
  const listed = await run(['key:list', '--project', 'demo'], here)
  expect(listed.stdout).toMatch(new RegExp(`^${old.id}\\t.*\\texpired `, 'm'))
  expect(listed.stdout).toMatch(new RegExp(`^${made.id}\\t.*\\tactive$`, 'm'))

  for (const line of [
    create('write', '--ip-allowlist', '010.0.0.1'),
    create('write', '--logging', 'all'),
    create('write', '--description', ''),
    create('agent'),
    ['key:rotate', '--project', 'demo'],
    ['key:rotate', '--project', 'demo', '--id', made.id, '--grace', '8d'],
  ])
    expect(await typed(line, here), line.join(' ')).toMatchObject({ code: 2, stdout: '' })
  expect(await server.stop()).toMatchObject({ code: 0 })
})
