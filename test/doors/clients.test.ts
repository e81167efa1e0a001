import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const run = promisify(execFile)
const bin = (name: string) => join(packageRoot, 'node_modules', '.bin', name)

// In the package, where both clients find their run-time parts; the name is ignored by git.
const scratch = mkdtempSync(join(packageRoot, 'dist-clients-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What a user of either client has: seed 0's quick start, with paths that have slashes. */
type QuickStart = {
  create: (keyPath: string, info: string) => Promise<{ approval_id: string; url: string; status: string }>
  pending: (keyPath: string) => Promise<string | undefined>
  read: (keyPath: string) => Promise<unknown>
  write: (keyPath: string, value: string) => Promise<unknown>
  invalidate: (approvalId: string) => Promise<number>
  refused: (keyPath: string) => Promise<{ status: number; code: string }>
}

const openapiFetch = `import createClient from 'openapi-fetch'
import type { paths } from './openapi-typescript/api.ts'

export const quickStart = (baseUrl: string, key: string) => {
  const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${key}\` } })
  return {
    async create(key_path: string, info: string) {
      const { data } = await client.POST('/approvals', { body: {
        key_path, info, ttl_seconds: 60,
        actions: [{ key: 'approve', value: 'approved', style: 'primary' }, { key: 'reject', value: 'rejected' }],
      } })
      if (!data) throw new Error('not created')
      const { approval_id, url, status } = data
      return { approval_id, url, status }
    },
    async pending(key_path: string) {
      const { data } = await client.GET('/key/{key_path}/pending', { params: { path: { key_path } } })
      return data?.pending?.approval_id
    },
    read: async (key_path: string) => (await client.GET('/key/{key_path}', { params: { path: { key_path } } })).data,
    async write(key_path: string, value: string) {
      const { data } = await client.PUT('/key/{key_path}', { params: { path: { key_path } }, body: value })
      return data
    },
    async invalidate(approval_id: string) {
      const { response } = await client.POST('/approvals/{approval_id}/invalidate', { params: { path: { approval_id } } })
      return response.status
    },
    async refused(key_path: string) {
      const { error, response } = await client.GET('/key/{key_path}', { params: { path: { key_path } } })
      if (!error) throw new Error('not refused')
      return { status: response.status, code: error.code satisfies string }
    },
  }
}
`

const heyApi = `import { approvalsCreate, approvalsInvalidate, valuesGet, valuesPending, valuesPut } from './hey-api/index.ts'
import { createClient } from './hey-api/client/index.ts'

export const quickStart = (baseUrl: string, key: string) => {
  const client = createClient({ baseUrl, auth: () => key })
  return {
    async create(key_path: string, info: string) {
      const { data } = await approvalsCreate({ client, throwOnError: true, body: {
        key_path, info, ttl_seconds: 60,
        actions: [{ key: 'approve', value: 'approved', style: 'primary' }, { key: 'reject', value: 'rejected' }],
      } })
      const { approval_id, url, status } = data
      return { approval_id, url, status }
    },
    async pending(key_path: string) {
      const { data } = await valuesPending({ client, throwOnError: true, path: { key_path } })
      return data.pending?.approval_id
    },
    read: async (key_path: string) => (await valuesGet({ client, throwOnError: true, path: { key_path } })).data,
    async write(key_path: string, value: string) {
      return (await valuesPut({ client, throwOnError: true, path: { key_path }, body: value })).data
    },
    async invalidate(approval_id: string) {
      return (await approvalsInvalidate({ client, throwOnError: true, path: { approval_id } })).response.status
    },
    async refused(key_path: string) {
      const { error, response } = await valuesGet({ client, path: { key_path } })
      if (!error || !response) throw new Error('not refused')
      return { status: response.status, code: error.code satisfies string }
    },
  }
}
`

const options = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM', 'DOM.Iterable'] },
    ...{
      strict: true,
      types: [],
      skipLibCheck: true,
      rewriteRelativeImportExtensions: true,
      allowImportingTsExtensions: true,
    },
    ...{ outDir: 'made', rootDir: '.' },
  },
  include: ['*.ts', 'openapi-typescript', 'hey-api'],
}

/** What the compiler says of everything in the directory; empty when it made it all. */
const compile = () =>
  run(bin('tsc'), ['-p', join(scratch, 'tsconfig.json')]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )

beforeAll(async () => {
  const document = join(packageRoot, 'openapi.json')
  mkdirSync(join(scratch, 'openapi-typescript'))
  // Else it takes a field with a default for one that a request must send.
  const honest = '--default-non-nullable=false'
  await run(bin('openapi-typescript'), [document, honest, '-o', join(scratch, 'openapi-typescript', 'api.ts')])
  await run(
    bin('openapi-ts'),
    ['-i', document, '-o', join(scratch, 'hey-api'), '-c', '@hey-api/client-fetch', '--silent'],
    {
      cwd: scratch,
    },
  )
  writeFileSync(join(scratch, 'openapi-fetch.ts'), openapiFetch)
  writeFileSync(join(scratch, 'hey-api.ts'), heyApi)
  writeFileSync(join(scratch, 'package.json'), '{"type":"module"}')
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(options))
}, 180_000)

const { url, world } = await serve()
const { key } = await makeAsker(world)

test('both clients compile under strict, and a field of another type than the document gives it does not', {
  timeout: 180_000,
}, async () => {
  expect(await compile()).toBe('')
  const wrong = { 'wrong-openapi-fetch.ts': openapiFetch, 'wrong-hey-api.ts': heyApi }
  for (const [name, text] of Object.entries(wrong))
    writeFileSync(join(scratch, name), text.replace('ttl_seconds: 60', "ttl_seconds: 'soon'"))
  const said = await compile()
  for (const name of Object.keys(wrong)) {
    expect(said).toContain(name)
    rmSync(join(scratch, name))
  }
})

describe.each(['openapi-fetch', 'hey-api'])('the client by %s', (name) => {
  let client: QuickStart
  const keyPath = `release/${name}/prod`

  beforeAll(async () => {
    const made = await import(/* @vite-ignore */ pathToFileURL(join(scratch, 'made', `${name}.js`)).href)
    client = made.quickStart(`${url}/v1`, key)
  })

  test('runs the quick start: create, see it pending, decide by the link, read the value', async () => {
    const created = await client.create(keyPath, 'Deploy v2.1.0')
    expect(created.status).toBe('pending')
    expect(await client.pending(keyPath)).toBe(created.approval_id)
    const visitor = asVisitor(world)
    const token = created.url.slice(-26)
    const { csrf_token, action_hash } = await visitor.approvals.open({ token })
    await visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })
    expect(await client.read(keyPath)).toBe('approved')
    expect(await client.pending(keyPath)).toBeUndefined()
  })

  test('invalidates another approval, which then is not pending', async () => {
    const { approval_id } = await client.create(`${keyPath}/second`, 'Deploy v2.1.1')
    expect(await client.invalidate(approval_id)).toBe(204)
    expect(await client.pending(`${keyPath}/second`)).toBeUndefined()
  })

  test('writes a value as it is, and reads a refusal with its code', async () => {
    expect(await client.write(`${keyPath}/note`, 'say "hi"')).toBe('say "hi"')
    expect(await client.read(`${keyPath}/note`)).toBe('say "hi"')
    expect(await client.refused(`${keyPath}/nothing`)).toEqual({ status: 404, code: 'NOT_FOUND' })
  })
})
