import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { CommandFault } from '../../server/cli/terminal.ts'
import { build, embeddedPid, json, run, startServer, temporaryDirectory } from '../built.ts'
import { typed } from '../typed.ts'

beforeAll(() => {
  build()
})

const create = ['agent:create', '--name', 'my-assistant']

test('agent:create works without a server on a fresh directory, where it makes the first project, too', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const made = await run(create, { DATA_DIR: dataDir })
  expect(made.stdout).toMatch(/^Agent created successfully!\nAPI Key: ak_live_[0-9A-Za-z]{32}\n$/)
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('There was no project yet: default is made.') })
  expect(embeddedPid(dataDir)).toBeUndefined()
}, 180_000)

test('every option is taken, and the project is named only where there is more than one', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const server = await startServer({ DATA_DIR: dataDir })
  /** Types a command beside the server. */
  const line = (...args: string[]) =>
    typed(args, { DATA_DIR: dataDir }).catch((fault: unknown) => {
      if (!(fault instanceof CommandFault)) throw fault
      return { code: fault.exitCode, stdout: '', stderr: fault.message }
    })
  expect(await line('agent:list')).toMatchObject({ code: 1, stderr: expect.stringContaining('project:create') })
  await line(...create)
  const wish = ['--test', '--description', 'Support', '--scopes', 'values:read, accounts:codes', '--json']
  const second = json(await line(...create, ...wish))
  expect(second).toMatchObject({
    ...{
      name: 'my-assistant',
      description: 'Support',
      live_keys: 0,
      test_keys: 1,
      created_by: { name: 'command line' },
    },
    api_key: expect.stringMatching(/^ak_test_[0-9A-Za-z]{32}$/),
    keys: [{ env: 'test', scopes: ['permissions:request', 'values:read', 'accounts:codes'], agent_id: second.id }],
  })
  const listed = json(await line('agent:list', '--json'))
  expect(listed.items.map((one: { live_keys: number }) => one.live_keys).toSorted()).toEqual([0, 1])
  expect(JSON.stringify(listed)).not.toContain(second.api_key)
  const keys = json(await line('key:list', '--project', 'default', '--json'))
  expect(keys.items.map((one: { agent_id: string }) => one.agent_id)).toContain(second.id)

  await line('project:create', '--name', 'second')
  for (const asked of [create, ['agent:list'], ['agent:revoke', '--id', second.id]])
    expect(await line(...asked)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--project') })
  expect(await line('agent:list', '--project', 'second')).toEqual({
    ...{ code: 0, stdout: '', stderr: 'This project has no agents.\n' },
  })
  const one = ['agent:revoke', '--project', 'default', '--id', second.id]
  expect(await line(...one, '--key-id', 'none')).toMatchObject({ code: 1, stdout: '' })
  expect(json(await line(...one, '--key-id', second.keys[0].id, '--json'))).toMatchObject({
    ...{ test_keys: 0, keys: [{ status: 'revoked' }] },
  })
  expect((await line(...one)).stdout).toBe(`Agent ${second.id} (my-assistant): 0 keys revoked.\n`)
  expect(await line('agent:revoke', '--project', 'second', '--id', second.id)).toMatchObject({
    ...{ code: 1, stdout: '', stderr: expect.stringContaining('has no agent') },
  })
  for (const misuse of [
    ['agent:create'],
    ['agent:create', '--name', ''],
    [...create, '--scopes', 'all'],
    [...create, '--project', 'default', 'more'],
    ['agent:revoke'],
  ])
    expect(await line(...misuse), misuse.join(' ')).toMatchObject({ code: 2, stdout: '' })
  expect((await server.stop()).code).toBe(0)
}, 180_000)
