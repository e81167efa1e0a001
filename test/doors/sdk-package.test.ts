import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Client } from '../../clients/typescript/src/index.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { makeAgent, makeAgentKey } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { installPacked, run, sdkSource, seedName } from '../packed.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { project, key, actor } = await makeAsker(world)
const { agent, key: first, id: firstId } = await makeAgent(world, project)
const { key: second } = await makeAgentKey(world, project, agent, { env: 'test' })
const ana = await makePerson(world, project, 'ADMIN')

const { dir, files } = await installPacked()

/** Writes a file where the package is installed. */
function write(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

/** What the compiler finds wrong with files there, under strict; what it makes stands beside them. */
const compile = (...paths: string[]): Promise<string[]> => {
  const flags = ['--strict', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node', '--outDir', dir]
  const types = ['--typeRoots', join(packageRoot, 'node_modules', '@types')]
  return run(join(packageRoot, 'node_modules', '.bin', 'tsc'), [...flags, ...types, ...paths], { cwd: dir }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.match(/^\S.*error TS\d+/gm) ?? [error.stdout],
  )
}

/** Runs a program there with an environment of its own, and answers what it prints. */
const program = async (name: string, env: Record<string, string> = {}) =>
  (await run(process.execPath, [join(dir, name)], { env: { ...env, NODE_NO_WARNINGS: '1' } })).stdout

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

const permission = `
const granted = await client.permissions.request({ action: 'email.send', scope: {} }, { waitForApproval: true })
const { success } = await client.permissions.use(granted.id, granted.token)
process.stdout.write(String(success))
`

describe('the package', () => {
  test('holds what its sources make and nothing else, depends on openapi-fetch alone, and asks nothing of Node', () => {
    const made = readdirSync(join(sdkSource, 'src')).map((name) => name.replace(/\.ts$/, ''))
    const expected = ['README.md', 'package.json', ...made.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`])]
    expect(files.toSorted()).toEqual(expected.toSorted())
    const installed = join(dir, 'node_modules', '@countersign', 'sdk')
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    expect(dependencies).toEqual({ 'openapi-fetch': expect.any(String) })
    const imports = made.flatMap((name) => {
      const text = readFileSync(join(installed, 'dist', `${name}.js`), 'utf8')
      return [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, from]) => from)
    })
    expect([...new Set(imports)]).toEqual(['openapi-fetch'])
  })

  test('runs from plain JavaScript, imported and required', async () => {
    const test = { COUNTERSIGN_URL: url, KEY: second }
    const construct = 'const client = new Client({ apiKey: process.env.KEY })'
    write('plain.mjs', `import { Client } from '@countersign/sdk'\n${construct}\n${permission}`)
    expect(await program('plain.mjs', test)).toBe('true')
    const required = `const { Client } = require('@countersign/sdk')\n${construct}\nvoid (async () => {${permission}})()`
    write('plain.cjs', required)
    expect(await program('plain.cjs', test)).toBe('true')
  })

  test('proves a receipt without asking anybody, and names why not', async () => {
    const { id } = await as(
      world,
      (await makeAgentKey(world, project, agent, { env: 'test' })).actor,
    ).permissions.request({
      action: 'email.send',
    })
    const client = new Client({ baseUrl: url, apiKey: second })
    const given = { RECEIPT: await client.approvals.receipt(id), JWKS: JSON.stringify(await client.jwks()) }
    write(
      'offline.mjs',
      `import { verifyReceipt, ReceiptError } from '@countersign/sdk'
const { RECEIPT, JWKS } = process.env
const { approval_id, action } = await verifyReceipt(RECEIPT, JSON.parse(JWKS))
const error = await verifyReceipt(RECEIPT, { keys: [] }).catch((error) => error)
process.stdout.write([approval_id, action, error instanceof ReceiptError, error.code].join(' '))`,
    )
    expect(await program('offline.mjs', given)).toBe(`${id} approve true UNKNOWN_KEY`)
  })

  test('goes to COUNTERSIGN_URL, else to port 3000 of this machine', async () => {
    const fetching = `fetch: async ({ url }) => (process.stdout.write(url), new Response('"x"'))`
    const program3000 = `import { Client } from '@countersign/sdk'
await new Client({ apiKey: 'k', ${fetching} }).values.get('a')`
    write('where.mjs', program3000)
    expect(await program('where.mjs')).toBe('http://localhost:3000/v1/key/a')
    expect(await program('where.mjs', { COUNTERSIGN_URL: 'https://a.example/' })).toBe('https://a.example/v1/key/a')
  })

  test('compiles under strict where it is installed, refuses what the document does not allow, and runs the quick start', {
    timeout: 300_000,
  }, async () => {
    const wrong = [
      quickStart.replace(`key: 'approve'`, 'key: 1'),
      // What is only asked has no token yet.
      `import { Client } from '@countersign/sdk'
const { permissions } = new Client({ apiKey: 'k' })
const asked = await permissions.request({ action: 'a.b' })
await permissions.use(asked.id, asked.token)`,
    ].map((text, index) => write(`wrong${index}.ts`, text))
    const said = await compile(write('consumer.ts', quickStart), ...wrong)
    expect(said).toEqual([expect.stringMatching(/wrong0\.ts.*TS2322/), expect.stringMatching(/wrong1\.ts.*TS2345/)])

    const child = execFile(process.execPath, [join(dir, 'consumer.js'), url, key])
    let [stdout, stderr] = ['', '']
    child.stdout?.on('data', (text: string) => {
      stdout += text
    })
    child.stderr?.on('data', (text: string) => {
      stderr += text
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await expect.poll(() => stderr, { timeout: 30_000 }).toContain('/a/')
    const token = stderr.trim().slice(-26)
    const visitor = asVisitor(world)
    const { csrf_token, action_hash } = await visitor.approvals.open({ token })
    await visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })
    expect([await ended, stdout]).toEqual([0, 'approved approved say "hi"'])
    expect((await as(world, actor).approvals.list({ key_path: 'deploy/prod', limit: 10 })).items).toHaveLength(1)
  })

  test('has the types of openapi.json as it is; `npm run openapi` makes them anew', { timeout: 300_000 }, async () => {
    const { generate } = JSON.parse(readFileSync(join(sdkSource, 'package.json'), 'utf8')).scripts
    const fresh = join(dir, 'api.ts')
    const [name = '', ...args] = generate.replace('../../', `${packageRoot}/`).replace('src/api.ts', fresh).split(' ')
    await run(join(packageRoot, 'node_modules', '.bin', name), args)
    expect(readFileSync(fresh, 'utf8') === readFileSync(join(sdkSource, 'src', 'api.ts'), 'utf8')).toBe(true)
  })
})

// Seed 2's own text, letter by letter.
const construction = `import { AgentOTPClient } from '@orrisai/agent-otp-sdk';

const client = new AgentOTPClient({
  apiKey: process.env.AGENT_OTP_API_KEY!,
});`

const rotation = `// Support multiple keys during rotation
const client = new AgentOTPClient({
  apiKey: process.env.AGENT_OTP_API_KEY_NEW
    || process.env.AGENT_OTP_API_KEY!,
});`

describe('the SDK of seed 2, under its own name', () => {
  const status = `
await client.permissions.request({ action: 'email.send', scope: {} }).then(
  (asked) => process.stdout.write(asked.status),
  (error) => process.stdout.write(error.name + ' ' + error.status + ' ' + error.code),
)
`

  test('compiles and runs as its page prints it, and goes on through a rotation without downtime', {
    timeout: 300_000,
  }, async () => {
    const [head = ''] = construction.split('\n')
    expect(head).toContain(seedName)
    const sources = [
      write('constructor.ts', construction + status),
      write('rotation.ts', `${head}\n${rotation}${status}`),
    ]
    expect(await compile(...sources)).toEqual([])

    const old = { COUNTERSIGN_URL: url, AGENT_OTP_API_KEY: first }
    const both = { ...old, AGENT_OTP_API_KEY_NEW: second }
    expect(await program('constructor.js', old)).toBe('pending')
    expect(await program('rotation.js', old)).toBe('pending')
    expect(await program('rotation.js', both)).toBe('approved')
    await as(world, ana.actor).agents.revoke({ agentId: agent.id, key_id: firstId })
    expect(await program('rotation.js', both)).toBe('approved')
    const revoked = 'AuthenticationError 401 EXPIRED_API_KEY'
    expect(await program('rotation.js', old)).toBe(revoked)
    expect(await program('constructor.js', old)).toBe(revoked)
  })
})
