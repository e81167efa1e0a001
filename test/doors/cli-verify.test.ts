import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { publicKeys } from '../../server/receipts/keys.ts'
import { as } from '../as.ts'
import { build, program, temporaryDirectory } from '../built.ts'
import { command } from '../cli.ts'
import { urlOf } from '../faults/nodes.ts'
import { browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { spoiled } from '../receipts.ts'
import { serve } from '../serve.ts'
import { typed } from '../typed.ts'

const run = promisify(execFile)
const { url, world } = await serve()
const { actor, project } = await makeAsker(world)
const dir = temporaryDirectory()
const at = (name: string, text: string) => {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

const { approval_id, token, action_hash } = await makeApproval(world, actor, {
  actions: [{ key: 'approve', value: 'go \u001b[31m', label: 'Go' }],
})
await browser(url).press(token, 'approve')
const { receipt } = await as(world, actor).approvals.receipt({ approval_id })
const keys = { keys: await publicKeys(world) }
const jwks = at('jwks.json', JSON.stringify(keys))
const file = at('receipt.jws', `${receipt}\n`)

/** The command in this process: it may read neither settings nor an API key. */
const verify = (words: string[], more: Parameters<typeof command>[2] = {}) =>
  command(['verify', ...words], {}, more).ended

beforeAll(() => {
  build()
}, 300_000)

describe('countersign verify', () => {
  test('says in one line who decided what when: of a text, a file and stdin, by keys of a file, an address and JSON', async () => {
    const { decision } = await as(world, actor).approvals.get({ approval_id })
    const line = `Proven: link holder (visitor) chose approve, which set "go \\u001b[31m", at ${decision?.decided_at}; of approval ${approval_id} in project ${project.id} (live).\n`
    for (const words of [
      [receipt, '--jwks', jwks],
      [file, '--jwks', JSON.stringify(keys)],
      [receipt, '--jwks', `${url}/.well-known/jwks.json`],
      [receipt, '--jwks', jwks, '--approval', approval_id, '--action-hash', action_hash, '--project', project.id],
    ])
      expect(await verify(words)).toEqual({ code: 0, stdout: line, stderr: '' })
    const ways: Record<string, string>[] = [{ COUNTERSIGN_JWKS: jwks }, { COUNTERSIGN_URL: url }]
    for (const environment of ways)
      expect(await verify(['-'], { piped: `${receipt}\n`, environment })).toEqual({ code: 0, stdout: line, stderr: '' })
  })

  test('prints the payload as JSON', async () => {
    const { code, stdout } = await verify([receipt, '--jwks', jwks, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, approval_id, action_hash, action: 'approve', env: 'live' })
  })

  test('is 1 with what is wrong, and prints nothing that could be taken for a yes', async () => {
    for (const [what, text, reason] of spoiled(receipt)) {
      const path = at('spoiled.jws', text)
      const { code, stdout, stderr } = await verify([path, '--jwks', jwks])
      expect({ what, code, stdout }).toEqual({ what, code: 1, stdout: '' })
      expect(stderr).toMatch(/^Not proven: .+\n$/)
      const told = await verify([path, '--jwks', jwks, '--json'])
      expect({ what, ...told, stdout: JSON.parse(told.stdout).code }).toEqual({
        what,
        code: 1,
        stdout: reason,
        stderr: '',
      })
    }
    for (const words of [
      ['--approval', '0'.repeat(26)],
      ['--action-hash', '0'.repeat(64)],
      ['--project', '0'.repeat(26)],
    ])
      expect(await verify([receipt, '--jwks', jwks, ...words])).toMatchObject({ code: 1, stdout: '' })
  })

  test('without keys is 2; what cannot be read is 1', async () => {
    expect(await verify([receipt])).toMatchObject({ code: 2, stdout: '' })
    for (const words of [
      [join(dir, 'none'), '--jwks', jwks],
      [receipt, '--jwks', join(dir, 'none')],
      [receipt, '--jwks', file],
      [receipt, '--jwks', '{"keys": [1]}'],
      [receipt, '--jwks', url],
    ])
      expect(await verify(words), words[2] ?? '').toMatchObject({ code: 1, stdout: '' })
  })

  test('as a process asks no server, no settings and no key, and warns of nothing', { timeout: 300_000 }, async () => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: 'nonsense' }
    const { stdout, stderr } = await run(process.execPath, [program, 'verify', file, '--jwks', jwks], { env })
    expect(stdout).toMatch(/^Proven: /)
    expect(stderr.replace(/^Building Countersign once.*\n/, '')).toBe('')
  })
})

describe('the recipe for openssl alone', () => {
  const page = readFileSync(join(packageRoot, 'clients', 'recipes', 'receipts', 'README.md'), 'utf8')
  const script = at('verify-receipt.sh', page.split('\n```bash\n')[1]?.split(/^```$/m)[0] ?? '')
  const [{ kid: KID, x: X } = { kid: '', x: '' }] = keys.keys
  const checked = (path: string) =>
    run('bash', [script, path], { env: { PATH: process.env.PATH, KID, X } }).then(
      ({ stdout }) => stdout,
      ({ code }) => code as number,
    )

  test('prints what a receipt says, and fails on whatever is altered', async () => {
    expect(JSON.parse(String(await checked(file)))).toMatchObject({ approval_id, action: 'approve' })
    // How a signature is spelt is not for openssl to judge: the bytes are the same.
    const altered = spoiled(receipt).filter(([what]) => !/spelt otherwise$/.test(what) || /payload/.test(what))
    for (const [what, text] of altered)
      expect([what, await checked(at('altered.jws', text))]).toEqual([what, expect.any(Number)])
  })
})

test('rotate-signing-key says which key signs now and which one signed', async () => {
  const here = { DATA_DIR: dir, MASTER_KEY: '0f'.repeat(32), DATABASE_URL: urlOf(world.address), LOG_LEVEL: 'silent' }
  const rotate = (...more: string[]) => typed(['rotate-signing-key', ...more], here)
  const [old] = await publicKeys(world)
  const { stdout } = await rotate('--json')
  const [now] = await publicKeys(world)
  expect(JSON.parse(stdout)).toEqual({ kid: now?.kid, retired: old?.kid })
  expect((await rotate()).stdout).toContain(`The key ${now?.kid} signs no more`)
  expect(await verify([receipt, '--jwks', jwks])).toMatchObject({ code: 0 })
})
