import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, embeddedPid, gone, json, run, startServer, statusOf, temporaryDirectory } from '../built.ts'
import { freePort } from '../port.ts'
import { typed } from '../typed.ts'

const keyShape = /^ot[rw]_[0-9A-Za-z]{32}$/

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
    // Said after the line that startServer waits for.
    await expect.poll(server.stderr).toContain('key:create --project')
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
    args.push('--account-tag', 'prod', '--account-tag', 'the shop', '--account-tag', 'prod')
    const made = json(await run([...args, '--transports', 'query,header', '--expires-in', '90d', '--json'], here))
    expect(made).toMatchObject({
      name: 'CI',
      key_paths: ['deploy', 'a/b'],
      account_tags: ['prod', 'the shop'],
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
      [...key, '--account-tag', 'a,b'],
      [...key, '--expires-in', '1s'],
      [...key, '--expires-in', 'soon'],
      [...key, '--name', ''],
    ]
    const nos = [
      ['project:create', '--name', 'demo', '--json'],
      ['key:create', '--project', 'none', '--preset', 'write', '--json'],
      ['key:revoke', '--project', 'demo', '--id', 'none'],
    ]
    const [first = []] = misuses
    for (const [code, line, ended] of [
      [2, first, await run(first, here)] as const,
      ...(await Promise.all(misuses.map(async (line) => [2, line, await typed(line, here)] as const))),
      ...(await Promise.all(nos.map(async (line) => [1, line, await run(line, here)] as const))),
    ]) {
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
    expect(well.stdout.match(/^✓ /gm)).toHaveLength(11)
    chmodSync(join(dataDir, 'master.key'), 0o644)
    const ill = await run(['doctor', '--json'], { DATA_DIR: dataDir })
    expect(ill.code).toBe(1)
    expect(json(ill).checks.filter((one: { ok: boolean }) => !one.ok)).toMatchObject([{ check: 'data directory' }])
    const away = await run(['doctor'], {
      DATA_DIR: dataDir,
      DATABASE_URL: `postgres://u@127.0.0.1:${await freePort()}/d`,
    })
    expect(away.code).toBe(1)
    expect(away.stdout.match(/^✗ /gm)).toHaveLength(9)
  })
})
