import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { build, json, run, startServer, statusOf, temporaryDirectory } from '../built.ts'

beforeAll(() => {
  build()
})

test('rotate-master-key leads from the key in the file to one in the environment, and says what is next each time', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const here = { DATA_DIR: dataDir }
  const [first, second] = ['a1'.repeat(32), 'b2'.repeat(32)]
  await run(['project:create', '--name', 'demo'], here)
  const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], here))
  const file = join(dataDir, 'master.key')
  const old = readFileSync(file, 'utf8').trim()

  const unset = await run(['rotate-master-key'], here)
  expect(unset).toMatchObject({ code: 1, stderr: expect.stringContaining('Set MASTER_KEY to the new key') })

  // A server takes both keys before, during and after.
  const server = await startServer({ ...here, MASTER_KEY: first, PREVIOUS_MASTER_KEYS: old })
  const post = (path: string, body: object) =>
    fetch(`${server.url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((reply) => reply.json())
  const { secret_key } = await post('/share', { secret: 'through a rotation', ttl: 3600 })
  const done = await run(['rotate-master-key'], { ...here, MASTER_KEY: first })
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toContain('The master key is rotated; 1 row was sealed anew.')
  expect(done.stdout).toContain(`Delete ${file}`)
  expect(await post(`/secret/${secret_key}`, {})).toMatchObject({ value: 'through a rotation' })
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  expect(await server.stop()).toMatchObject({ code: 0 })

  rmSync(file)
  const again = await run(['rotate-master-key'], { ...here, MASTER_KEY: first, PREVIOUS_MASTER_KEYS: old })
  expect(again.stdout).toContain('Nothing to do')
  expect(again.stdout).toContain('PREVIOUS_MASTER_KEYS may go')
  expect(json(await run(['rotate-master-key', '--json'], { ...here, MASTER_KEY: first }))).toEqual({
    changed: false,
    rows: 0,
    ended: 0,
    kept: 0,
  })

  // Neither the old key nor the new one: nothing starts, and nothing rotates.
  for (const command of ['serve', 'rotate-master-key']) {
    const refused = await run([command], { ...here, MASTER_KEY: second, PREVIOUS_MASTER_KEYS: old })
    expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('PREVIOUS_MASTER_KEYS') })
    for (const text of [first, second, old]) expect(refused.stderr).not.toContain(text)
  }
  const next = await run(['rotate-master-key'], { ...here, MASTER_KEY: second, PREVIOUS_MASTER_KEYS: first })
  expect(next).toMatchObject({ code: 0, stdout: expect.stringContaining('is rotated') })
  expect(await run(['key:list', '--project', 'demo'], { ...here, MASTER_KEY: second })).toMatchObject({ code: 0 })
})

test('doctor tells of a key of a secret that is not there, and keyring:forget gives it up', async () => {
  const here = { DATA_DIR: join(temporaryDirectory(), 'data') }
  const server = await startServer(here)
  await run(['project:create', '--name', 'demo'], here)
  const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], here))
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ secret: 'lost', ttl: 3600 })
  const made = await fetch(`${server.url}/v1/share`, { method: 'POST', headers, body }).then((reply) => reply.json())
  const doctor = async () => {
    const { checks } = json(await run(['doctor', '--json'], here))
    return checks.find((one: { check: string }) => one.check === 'keyring')
  }
  expect(await doctor()).toMatchObject({ ok: true, says: expect.stringContaining('Every key') })
  rmSync(join(here.DATA_DIR, 'keyring'), { recursive: true })
  expect(await doctor()).toMatchObject({ ok: false, says: expect.stringContaining('keyring:forget') })
  const forgotten = await run(['keyring:forget', '--json'], here)
  expect(json(forgotten)).toEqual({ keys: 1, secrets: 1 })
  expect(await doctor()).toMatchObject({ ok: true })
  expect((await run(['keyring:forget'], here)).stdout).toContain('Nothing to do')
  const path = `/v1/private/${made.metadata_key}`
  expect(await statusOf(server.url, key, path)).toBe(200)
  await server.stop()
})
