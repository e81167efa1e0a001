import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { limits } from '../../shared/limits.ts'
import { makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { build, type Ended, startServer, temporaryDirectory } from '../built.ts'
import { heardAll } from '../heard.ts'
import { asker } from '../http.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const exec = promisify(execFile)

// Seed 2's own commands, letter by letter; `bun run cli` of its container is `npm run -s cli --` here.
const create = 'docker compose exec api bun run cli agent:create --name "my-assistant"'
const list = 'docker compose exec api bun run cli agent:list'
const revoke = 'docker compose exec api bun run cli agent:revoke --id AGENT_ID'

const bearer = `curl -X POST https://api.agentotp.com/v1/permissions/request \\
  -H "Authorization: Bearer ak_live_xxxx" \\
  -H "Content-Type: application/json" \\
  -d '{"action": "email.send", "scope": {}}'`

const apiKey = `curl -X POST https://api.agentotp.com/v1/permissions/request \\
  -H "X-API-Key: ak_live_xxxx" \\
  -H "Content-Type: application/json" \\
  -d '{"action": "email.send", "scope": {}}'`

/** Runs a curl command of the page in a shell, with the host and the key filled in. */
async function curled(command: string, url: string, key: string) {
  const filled = command
    .replace('https://api.agentotp.com', url)
    .replace('ak_live_xxxx', key)
    .replace(/^curl/, `curl -sS -w '\\n%{http_code}'`)
  const { stdout } = await exec('sh', ['-c', filled])
  const at = stdout.lastIndexOf('\n')
  // JSON of a reply, as its test then looks at it.
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) as Record<string, unknown> }
}

beforeAll(() => {
  build()
})

describe('the command line of seed 2', () => {
  /** Types a command of the page in a shell. */
  async function typed(
    command: string,
    environment: Record<string, string>,
  ): Promise<Pick<Ended, 'stdout' | 'stderr'>> {
    const here = command.replace('docker compose exec api bun run cli', 'npm run -s cli --')
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...environment }
    return exec('sh', ['-c', here], { cwd: packageRoot, env })
  }

  test('creates an agent, lists it and revokes it beside the running server, printing what the page shows', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const server = await startServer({ DATA_DIR: dataDir, DEMO: 'off' })
    const here = { DATA_DIR: dataDir, PUBLIC_URL: server.url }

    const made = await typed(create, here)
    expect(made.stdout).toMatch(/^Agent created successfully!\nAPI Key: ak_live_[0-9A-Za-z]{32}\n$/)
    const [, key = ''] = /API Key: (\S+)/.exec(made.stdout) ?? []
    expect(made.stderr).not.toContain(key)

    const asked = await curled(bearer, server.url, key)
    expect(asked).toMatchObject({ status: 202, body: { status: 'pending', agent: { name: 'my-assistant' } } })

    const listed = await typed(list, here)
    expect(listed.stdout).not.toContain(key)
    const [id = '', name, state, pending] = (listed.stdout.split('\n')[0] ?? '').split('\t')
    expect([name, state, pending]).toEqual(['my-assistant', 'enabled', '1 pending'])
    expect(id).toMatch(/^[0-9A-Z]{26}$/)

    const ended = await typed(revoke.replace('AGENT_ID', id), here)
    expect(ended.stdout).toBe(`Agent ${id} (my-assistant): 1 key revoked.\n`)
    await expect.poll(async () => (await curled(bearer, server.url, key)).status).toBe(401)
    expect((await curled(bearer, server.url, key)).body.code).toBe('EXPIRED_API_KEY')
    expect((await typed(list, here)).stdout).toMatch(
      /\t0 pending\t.*\n\t\S+\tak_live_…\S{4}\tpermissions:request\trevoked\n$/,
    )
    expect((await server.stop()).code).toBe(0)
    // Nine processes, each a program of its own.
  }, 180_000)
})

describe('the page of seed 2 over HTTP', async () => {
  const { url, world } = await serve({ RATE_LIMITS: undefined })
  const ask = asker(url)

  async function scene() {
    const project = await makeProject(world)
    const ana = await makePerson(world, project, 'OWNER')
    return { project, ana, dashboard: as(world, ana.actor), ...(await makeAgent(world, project)) }
  }

  test.each([
    ['Authorization: Bearer', bearer],
    ['X-API-Key', apiKey],
  ])(
    'its curl with the key by %s asks, is answered 202, and once approved has a token that works once',
    async (_, command) => {
      const { key, agent, dashboard } = await scene()
      const { status, body } = await curled(command, url, key)
      expect(status).toBe(202)
      expect(body).toMatchObject({
        ...{ status: 'pending', env: 'live', action: 'email.send', scope: {}, resource: null, uses: 1, ttl: 300 },
        agent: { type: 'agent', id: agent.id, name: 'my-assistant' },
        poll_url: `${url}/v1/permissions/${body.id}`,
      })
      expect(body).not.toHaveProperty('token')
      const { action_hash, id } = body as { action_hash: string; id: string }
      await dashboard.approvals.decide({ approval_id: id, action: 'approve', action_hash })
      const poll = await ask('GET', `/v1/permissions/${id}`, { key })
      expect(poll.body).toMatchObject({ status: 'approved', token: expect.stringMatching(/^otp_v1_/) })
      const use = () => ask('POST', `/v1/permissions/${id}/use`, { key, body: { token: poll.body.token } })
      expect(await use()).toMatchObject({ status: 200, body: { success: true, uses_remaining: 0 } })
      expect(await use()).toMatchObject({ status: 410, body: { code: 'TOKEN_USED' } })
    },
  )

  test('test keys auto-approve all requests and do not count', async () => {
    const { project, agent } = await scene()
    const { key } = await makeAgentKey(world, project, agent, { env: 'test' })
    const first = await curled(bearer, url, key)
    expect(first).toMatchObject({ status: 200, body: { status: 'approved', env: 'test', token: expect.any(String) } })
    for (let i = 0; i < limits['agent minute'].max; i++) await ask('GET', '/v1/permissions', { key })
    const { status, headers } = await ask('GET', '/v1/permissions', { key })
    expect([status, headers['x-ratelimit-limit']]).toEqual([200, undefined])
  })

  test('the four steps of its rotation work without a moment in which no key works', async () => {
    const { agent, id: oldId, key: oldKey, dashboard } = await scene()
    const works = async (key: string) => (await curled(bearer, url, key)).status
    const made = await dashboard.agents.createKey({ agentId: agent.id })
    expect([await works(oldKey), await works(made.key)]).toEqual([202, 202])
    await dashboard.agents.revoke({ agentId: agent.id, key_id: oldId })
    await heardAll(world)
    expect([await works(oldKey), await works(made.key)]).toEqual([401, 202])
  })

  test('its table of errors: 401 with MISSING_API_KEY, INVALID_API_KEY and EXPIRED_API_KEY', async () => {
    const { project, agent, id, key, dashboard } = await scene()
    const code = async (text: string) => {
      const replies = [await curled(bearer, url, text), await curled(apiKey, url, text)]
      expect(replies.map(({ status }) => status)).toEqual([401, 401])
      return replies.map(({ body }) => body.code)
    }
    const none = bearer.replace(/ {2}-H "Authorization.*\n/, '')
    expect(await curled(none, url, '')).toMatchObject({ status: 401, body: { code: 'MISSING_API_KEY' } })
    // As it stands on the page, malformed; one character off; and well-formed, but nobody's.
    const [last] = key.slice(-1)
    const wrong = key.slice(0, -1) + (last === 'a' ? 'b' : 'a')
    for (const text of ['ak_live_xxxx', wrong, 'ak_live_8Zp3vQnB1xYk5TgR7mWc2sLd9fHjAe0U'])
      expect(await code(text)).toEqual(['INVALID_API_KEY', 'INVALID_API_KEY'])
    const over = await makeAgentKey(world, project, agent)
    await world.db.sql`update api_keys set expires_at = now() where id = ${over.id}`
    await dashboard.keys.revoke({ keyId: id })
    await heardAll(world)
    for (const text of [key, over.key]) expect(await code(text)).toEqual(['EXPIRED_API_KEY', 'EXPIRED_API_KEY'])
  })

  test('its limits are the default, 60 in a minute and 1000 in an hour', async () => {
    const { key } = await scene()
    const { headers } = await ask('GET', '/v1/permissions', { key })
    expect(headers['ratelimit-policy']).toBe('"agent-minute";q=60;w=60')
    expect(limits['agent hour']).toMatchObject({ max: 1000, seconds: 3600 })
  })
})

test('RATE_LIMIT_PER_MIN and RATE_LIMIT_PER_HOUR are the names of its variables', async () => {
  for (const [variables, most] of [
    [{ RATE_LIMIT_PER_MIN: '3' }, 3],
    [{ RATE_LIMIT_PER_HOUR: '2' }, 2],
  ] as const) {
    const { url, world } = await serve({ RATE_LIMITS: undefined, ...variables })
    const { key } = await makeAgent(world, await makeProject(world))
    const replies = []
    for (let i = 0; i <= most; i++) replies.push(await curled(bearer, url, key))
    expect(replies.map(({ status }) => status)).toEqual([...Array(most).fill(202), 429])
    expect(replies.at(-1)?.body.code).toBe('RATE_LIMITED')
  }
})
