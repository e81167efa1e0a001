import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { makeAgent } from '../agents.ts'
import { makeAsker } from '../make.ts'
import { installPacked } from '../packed.ts'
import { openBrowser, visit } from '../pages/browser.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { project, key } = await makeAsker(world)
const { key: testKey } = await makeAgent(world, project, { env: 'test' })
const browser = await openBrowser()

const page = `import { Client, CountersignError, TokenUsedError, verifyReceipt } from '@countersign/sdk'

globalThis.act = async (apiKey, agentKey) => {
  const client = new Client({ baseUrl: location.origin, apiKey })
  await client.values.put('browser/a', 'say "hi"')
  const { secret_key } = await client.secrets.share({ secret: 'päss 🔑' })
  const paths = []
  for await (const { key_path } of client.values.list({ prefix: 'browser/', limit: 1 })) paths.push(key_path)
  const { permissions } = new Client({ baseUrl: location.origin, apiKey: agentKey })
  const granted = await permissions.request({ action: 'email.send' }, { waitForApproval: true })
  await permissions.use(granted.id, granted.token)
  const again = await permissions.use(granted.id, granted.token).catch((error) => error)
  const agent = new Client({ baseUrl: location.origin, apiKey: agentKey })
  const [receipt, jwks] = [await agent.approvals.receipt(granted.id), await client.jwks()]
  const { action } = await verifyReceipt(receipt, jwks, { approvalId: granted.id })
  const altered = await verifyReceipt(receipt.slice(0, -6) + 'AAAAAA', jwks).catch(({ code }) => code)
  return {
    value: await client.values.get('browser/a'),
    secret: (await client.secrets.read(secret_key)).value,
    paths,
    again: again instanceof TokenUsedError && again instanceof CountersignError,
    receipt: [action, altered],
  }
}

globalThis.elsewhere = (baseUrl, apiKey) =>
  new Client({ baseUrl, apiKey, maxRetries: 0 }).values.get('browser/a').catch(({ code }) => code)
`

const { dir } = await installPacked()
const root = join(dir, 'page')
mkdirSync(root)
writeFileSync(
  join(root, 'index.html'),
  '<!doctype html><title>page</title><script type="module" src="main.js"></script>',
)
writeFileSync(join(root, 'main.js'), page)
const quiet = { root, configFile: false, logLevel: 'error' } as const
await build(quiet)
// As whoever runs such a page does it: the page and the API under one origin.
const where = {
  host: '127.0.0.1',
  port: await freePort(),
  strictPort: true,
  proxy: { '/v1': url, '/.well-known': url },
}
const server = await preview({ ...quiet, preview: where })
afterAll(() => server.close())
const origin = `http://127.0.0.1:${where.port}`

test('runs in a browser, bundled, in a page of the origin that the API is under', async () => {
  const { page, misdeeds, close } = await visit(browser, origin)
  await page.waitForFunction('globalThis.act')
  expect(await page.evaluate(`act(${JSON.stringify(key)}, ${JSON.stringify(testKey)})`)).toEqual({
    value: 'say "hi"',
    secret: 'päss 🔑',
    paths: ['browser/a'],
    again: true,
    receipt: ['approve', 'ALTERED'],
  })
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('gets nothing from another origin: the API lets no page of others read its answers', async () => {
  const { page, close } = await visit(browser, origin)
  await page.waitForFunction('globalThis.elsewhere')
  expect(await page.evaluate(`elsewhere(${JSON.stringify(url)}, ${JSON.stringify(key)})`)).toBe('UNREACHABLE')
  expect(await page.evaluate(`elsewhere(${JSON.stringify(origin)}, ${JSON.stringify(key)})`)).toBe('say "hi"')
  await close()
})
