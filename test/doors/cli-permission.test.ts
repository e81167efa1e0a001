import { beforeAll, expect, test } from 'vitest'
import { answerPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { build } from '../built.ts'
import { command, type Here, marking, piped } from '../cli.ts'
import { makeProject } from '../make.ts'
import { type Change, meddler } from '../meddler.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
const person = await makePerson(world, project)
const { agent, key, actor } = await makeAgent(world, project)
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }
const scope = { to: ['ana@example.com', 'bo@example.com'] }
const narrowed = { to: ['ana@example.com'] }
const node = process.execPath

beforeAll(() => {
  build()
}, 300_000)

/** The one request for an action, as its agent sees it. */
async function theOne(action: string) {
  const list = async () => (await as(world, actor).permissions.list({ action })).items
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1)
  const [found] = await list()
  if (!found) throw new Error('It was there a moment ago.')
  return found
}

const words = (action: string, more: string[] = []) => [
  'run',
  '--action',
  action,
  '--scope',
  JSON.stringify(scope),
  ...more,
]

const told = `console.log(JSON.stringify({ words: process.argv.slice(1), env: process.env }))`

test('the token is used exactly once before the command runs, and is nowhere to be seen', async () => {
  const run = piped([...words('email.send', ['--info', 'A refund']), '--', node, '-e', told], { ...here })
  const asked = await theOne('email.send')
  expect(asked.context).toEqual({ reason: 'A refund' })
  await expect.poll(run.stderr).toContain(`/p/${project.id}/requests/${asked.id}`)
  await answerPermission(world, person.actor, asked)
  const { code, stdout, stderr } = await run.ended
  expect(code).toBe(0)
  expect(await theOne('email.send')).toMatchObject({ status: 'used', uses_remaining: 0 })
  expect(stdout + stderr).not.toContain('otp_v1_')
  expect(JSON.parse(stdout).env.COUNTERSIGN_URL).toBe(url)
})

test('when less was allowed nothing runs, unless the command is told; --token-env hands the token on', async () => {
  const blind = marking()
  const first = command([...words('email.less'), ...blind.child], here)
  await answerPermission(world, person.actor, await theOne('email.less'), 'approve', { scope: narrowed })
  const refused = await first.ended
  expect(refused.code).toBe(3)
  expect(refused.stderr).toContain('--scope-env')
  expect(blind.ran()).toBe(false)
  expect(await theOne('email.less')).toMatchObject({ status: 'revoked' })

  const more = ['--scope-env', 'ALLOWED', '--token-env', 'TOKEN', '--uses', '2', '--json']
  const second = piped([...words('email.told', more), '--', node, '-e', told], { ...here })
  await answerPermission(world, person.actor, await theOne('email.told'), 'approve', { scope: narrowed })
  const { code, stdout, stderr } = await second.ended
  expect(code).toBe(0)
  const { env } = JSON.parse(stdout)
  expect(JSON.parse(env.ALLOWED)).toEqual(narrowed)
  expect(stderr).not.toContain('otp_v1_')
  const { id } = await theOne('email.told')
  expect(await as(world, actor).permissions.verify({ id, token: env.TOKEN })).toMatchObject({
    valid: true,
    uses_remaining: 1,
  })
})

test('denied is 3 with its reason, withdrawn is 5, out of time is 4 and withdrawn; nothing runs', async () => {
  const { child, ran } = marking()
  const line = (action: string, ...more: string[]) => command([...words(action, more), ...child], here)
  const [denied, withdrawn, late, expired] = [
    line('end.denied'),
    line('end.withdrawn'),
    line('end.late', '--timeout', '1s'),
    line('end.expired'),
  ]
  await answerPermission(world, person.actor, await theOne('end.denied'), 'deny', { comment: 'Not on a Friday' })
  await as(world, actor).permissions.revoke({ id: (await theOne('end.withdrawn')).id })
  const { id } = await theOne('end.expired')
  await world.db.sql`update approvals set expires_at = now() + interval '300 ms' where id = ${id}`
  const no = await denied.ended
  expect(no).toMatchObject({ code: 3, stdout: '' })
  expect(no.stderr).toContain('Denied by Ana Silva: Not on a Friday')
  expect(await withdrawn.ended).toMatchObject({ code: 5, stdout: '' })
  expect(await late.ended).toMatchObject({ code: 4, stdout: '' })
  expect(await theOne('end.late')).toMatchObject({ status: 'revoked' })
  expect(await expired.ended).toMatchObject({ code: 4, stdout: '' })
  expect(ran()).toBe(false)
})

test('interrupted it is 130 and withdrawn', async () => {
  const { child, ran } = marking()
  const run = command([...words('end.interrupted'), ...child], here)
  await expect.poll(run.hears, { timeout: 15_000 }).toBe(true)
  run.signal('SIGINT')
  expect(await run.ended).toMatchObject({ code: 130, stdout: '' })
  expect(await theOne('end.interrupted')).toMatchObject({ status: 'revoked' })
  expect(ran()).toBe(false)
})

test('a test key is answered at once: yes, and no to whoever tries out a no', async () => {
  const { key: trying } = await makeAgentKey(world, project, agent, { env: 'test' })
  const at = { ...here, COUNTERSIGN_API_KEY: trying }
  const yes = marking()
  expect(await command([...words('try.yes'), ...yes.child], at).ended).toMatchObject({ code: 0, stderr: '' })
  expect(yes.ran()).toBe(true)
  const no = marking()
  const line = [...words('try.no', ['--context', '{"_test_deny": true}']), ...no.child]
  expect(await command(line, at).ended).toMatchObject({ code: 3 })
  expect(no.ran()).toBe(false)
})

test('an answer that was changed on its way, or whose use nobody knows of, runs nothing', async () => {
  const wideAfter = { ...scope, to: [...scope.to, 'eve@example.com'] }
  const isUse = (path: string) => path.endsWith('/use')
  const changes: [string, Change, boolean][] = [
    ['changed.asked', { asks: (body) => ('scope' in body ? { ...body, scope: wideAfter } : body) }, false],
    ['changed.hash', { answers: (body) => ({ ...body, action_hash: 'f'.repeat(64) }) }, false],
    [
      'changed.wider',
      { answers: (body, { method }) => (method === 'GET' ? { ...body, scope: wideAfter } : body) },
      true,
    ],
    [
      'changed.status',
      { answers: (body, { nth, method }) => (method === 'GET' && nth === 2 ? { ...body, status: 'used' } : body) },
      true,
    ],
    ['changed.use', { answers: (body, { path }) => (isUse(path) ? { ...body, scope: narrowed } : body) }, true],
    ['changed.lost', { loses: ({ path }) => isUse(path) }, true],
    ['changed.nothing', {}, true],
  ]
  for (const [action, change, answered] of changes) {
    const { child, ran } = marking()
    const middle = await meddler(url, change)
    const run = command([...words(action), ...child], { ...here, COUNTERSIGN_URL: middle.url })
    if (answered) await answerPermission(world, person.actor, await theOne(action))
    const { code } = await run.ended
    const control = action === 'changed.nothing'
    expect({ action, yes: code === 0, ran: ran() }).toEqual({ action, yes: control, ran: control })
    expect(middle.seen.filter(({ path }) => isUse(path)).length, action).toBeLessThanOrEqual(1)
  }
})
