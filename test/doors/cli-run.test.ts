import { beforeAll, describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { build } from '../built.ts'
import { command, type Here, marking, piped, pressing, tokenIn } from '../cli.ts'
import { browser } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }
const node = process.execPath

beforeAll(() => {
  build()
}, 300_000)

const running = (path: string, child: string[], more: string[] = [], at = here, stdin = '') =>
  piped(['run', '--key', path, ...more, ...child], { ...at }, stdin)

const press = (said: () => string, action: string) => pressing(url, said, action)

/** The approvals under a path, newest first. */
const approvalsOf = async (key_path: string) => (await as(world, actor).approvals.list({ key_path, limit: 10 })).items

describe('on a yes', () => {
  test('the command runs without a shell, with its own words, stdin and stdout, and its exit code is passed', async () => {
    const script = `
      const text = require('node:fs').readFileSync(0, 'utf8')
      console.log(JSON.stringify({ text, words: process.argv.slice(1) }))
      console.error('from the command')
      process.exit(7)`
    const words = ['$HOME', '*', 'a b', '; echo x', '--key']
    const run = running(
      'run/yes',
      ['--', node, '-e', script, '--', ...words],
      ['--info', 'Deploy it'],
      here,
      'piped in',
    )
    await press(run.stderr, 'approve')
    const { code, stdout, stderr } = await run.ended
    expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 7, said: { text: 'piped in', words } })
    expect(stderr).toContain('from the command')
    expect(stderr).not.toContain(key)
    expect(await approvalsOf('run/yes')).toMatchObject([{ info: 'Deploy it', payload: null, status: 'executed' }])
  })

  test('--show-command binds the decision to the command; --json tells of it on stderr', async () => {
    const child = ['--', node, '-e', '0']
    const line = ['--key', 'run/shown', '--show-command', '--payload', '{"v": 2}', '--json']
    const asked = command(['run', ...line, ...child], here)
    await press(asked.stderr, 'approve')
    const { code, stdout, stderr } = await asked.ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    const told = JSON.parse(stderr.split('\n').find((line) => line.startsWith('{')) ?? '')
    expect(told).toMatchObject({ outcome: 'approved', payload: { v: 2, command: child.slice(1) } })
  })

  test('a signal is passed on, and a command that a signal ended is 128 and its number', async () => {
    const script = `process.on('SIGTERM', () => { console.log('told'); process.kill(process.pid, 'SIGKILL') }); setInterval(() => 0, 1000); console.log('up')`
    const run = running('run/signal', ['--', node, '-e', script])
    await press(run.stderr, 'approve')
    await expect.poll(run.stdout, { timeout: 30_000 }).toBe('up\n')
    run.child.kill('SIGTERM')
    expect(await run.ended).toMatchObject({ code: 137, stdout: 'up\ntold\n' })
  })
})

describe('on anything else nothing runs', () => {
  test('rejected is 3', async () => {
    const { child, ran } = marking()
    const asked = command(['run', '--key', 'run/no', ...child], here)
    await press(asked.stderr, 'reject')
    const { code, stdout, stderr } = await asked.ended
    expect({ code, stdout, ran: ran() }).toEqual({ code: 3, stdout: '', ran: false })
    expect(stderr).toContain('Rejected by')
  })

  test('expired and timed out are 4, invalidated and locked are 5; what nobody waits for is withdrawn', async () => {
    const { child, ran } = marking()
    const line = (path: string, ...more: string[]) => command(['run', '--key', path, ...more, ...child], here)
    const [expiring, taken, late, locked] = [
      line('run/expired'),
      line('run/taken'),
      line('run/late', '--timeout', '1s'),
      line('run/locked', '--pin'),
    ]
    const idOf = async (path: string) => {
      await expect.poll(async () => (await approvalsOf(path)).length, { timeout: 15_000 }).toBe(1)
      return (await approvalsOf(path))[0]?.approval_id ?? ''
    }
    await world.db.sql`
      update approvals set expires_at = now() + interval '300 ms' where id = ${await idOf('run/expired')}`
    await as(world, actor).approvals.invalidate({ approval_id: await idOf('run/taken') })
    await expect.poll(locked.stderr, { timeout: 15_000 }).toMatch(/PIN: \d{6}/)
    const pin = /PIN: 000000/.test(locked.stderr()) ? '000001' : '000000'
    for (let i = 0; i < 5; i++) await browser(url).press(tokenIn(locked.stderr()), 'approve', { pin })
    expect(await expiring.ended).toMatchObject({ code: 4 })
    expect(await taken.ended).toMatchObject({ code: 5 })
    expect(await locked.ended).toMatchObject({ code: 5 })
    const ended = await late.ended
    expect(ended).toMatchObject({ code: 4, stdout: '' })
    expect(ended.stderr).toContain('Nobody decided in time. The request is withdrawn.')
    expect(await approvalsOf('run/late')).toMatchObject([{ status: 'invalidated' }])
    expect(ran()).toBe(false)
  })

  test('interrupted while it waits: 130, and the request is withdrawn', async () => {
    const { child, ran } = marking()
    const run = running('run/interrupted', child)
    await expect.poll(run.stderr, { timeout: 30_000 }).toMatch(/\/a\/\w{26}\n/)
    await expect.poll(async () => (await approvalsOf('run/interrupted')).length).toBe(1)
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ code: 130, stdout: '' })
    expect(await approvalsOf('run/interrupted')).toMatchObject([{ status: 'invalidated' }])
    expect(ran()).toBe(false)
  })

  test('what cannot be asked or run is 1, 2, 126 or 127, and nobody is asked', async () => {
    const line = (words: string[], at: Partial<Here> = here) => command(['run', ...words], at).ended
    const usages = [
      ['--', node],
      ['--key', 'run/never', '--action', 'a.b', '--', node],
      ['--key', 'run/never', '--scope', '{}', '--', node],
      ['--action', 'a.b', '--pin', '--', node],
      ['--action', 'a.b', '--scope', '[]', '--', node],
      ['--action', 'a.b', '--token-env', 'A-B', '--', node],
      ['--key', 'run/never'],
    ]
    for (const words of usages) {
      const outcome = await line(words).catch((error: unknown) => error)
      expect(outcome, words.join(' ')).toMatchObject({ code: 2, stdout: '' })
    }
    expect(await line(['--key', 'run/never', '--', node], {})).toMatchObject({ code: 2 })
    expect(await line(['--key', 'run/never', '--', './no-such-program'])).toMatchObject({ code: 127 })
    expect(await line(['--key', 'run/never', '--', './README.md'])).toMatchObject({ code: 126 })
    const unknown = { ...here, COUNTERSIGN_API_KEY: `otw_${'x'.repeat(32)}` }
    expect(await line(['--key', 'run/never', '--', node], unknown)).toMatchObject({ code: 1 })
    expect(await approvalsOf('run/never')).toEqual([])
  })
})
