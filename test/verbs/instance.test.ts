import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { PersonActor } from '../../server/context.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { newestQueueMigration } from '../../server/lib/queue/migrate.ts'
import { packageRoot } from '../../server/lib/root.ts'
import type { World } from '../../server/world.ts'
import { as } from '../as.ts'
import { mailbox } from '../mailbox.ts'
import { makeProject } from '../make.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { configOf, serve } from '../serve.ts'

const box = await mailbox()
const service = await serve({ SMTP_URL: box.url })
const { world, url } = service
// The service's own role may not undo a migration.
const owner = connect(world.address, { max: 1, name: 'test' })
afterAll(() => owner.end())
const project = await makeProject(world)
const member = await makePerson(world, project, 'OWNER')
const runner: PersonActor = { ...member.actor, runsInstance: true }

type Came = { origin: string; strangeProxy: boolean }

/** What each look says, as `name: sentence`, with a mark. */
async function looks(at: World = world, came?: Came, ip = '127.0.0.1') {
  const { looks } = await as(at, runner, { ip, ...(came ? { came } : {}) }).instance.health({})
  return Object.fromEntries(looks.map(({ name, ok, sentence }) => [name, `${ok ? '✓' : '✗'} ${sentence}`]))
}

/** The same world with another configuration or clock. */
const but = (more: Partial<World>, variables?: Record<string, string>): World => ({
  ...world,
  ...(variables ? { config: configOf(variables) } : {}),
  ...more,
})

describe('instance.health', () => {
  test('is for those who run the instance, whatever role they have in a project', async () => {
    await expect(as(world, member.actor).instance.health({})).rejects.toThrow('who run this instance')
    await expect(as(world, { type: 'visitor' }).instance.health({})).rejects.toThrow()
  })

  test('says that everything is well, with version and addresses', async () => {
    const found = await as(world, runner).instance.health({})
    expect(found).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      public_url: url,
      your_ip: '127.0.0.1',
    })
    expect(found.looks.map(({ name }) => name)).toEqual([
      'database',
      'migrations',
      'keyring',
      'clock',
      'mail',
      'mail delivery',
      'queue',
      'address',
      'proxies',
    ])
    expect(found.looks.filter(({ ok }) => !ok)).toEqual([])
  })

  test('finds pending migrations, also the queue’s own; then the node is not ready either', async () => {
    await owner`delete from graphile_worker.migrations where id = ${newestQueueMigration}`
    expect((await looks()).migrations).toMatch(/^✗ Some are pending/)
    expect((await looks()).queue).toMatch(/^✗/)
    const ready = await fetch(`${url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'unready', lacks: 'migrations' }])
    await owner`insert into graphile_worker.migrations (id) values (${newestQueueMigration})`
    expect((await looks()).migrations).toBe('✓ All are applied.')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  test('knows the newest migration of the queue’s library', () => {
    const files = readdirSync(join(packageRoot, 'node_modules', 'graphile-worker', 'sql'))
    expect(Math.max(...files.map((name) => Number.parseInt(name, 10)))).toBe(newestQueueMigration)
  })

  test.each([-1500, 1500])('finds a clock that is %d ms off', async (off) => {
    const late = but({ clock: { now: () => new Date(Date.now() + off) } })
    expect((await looks(late)).clock).toMatch(/^✗ The database's clock is -?1[45]\d\d ms off ours/)
  })

  test('says that mail is off, and that is no fault', async () => {
    expect((await looks(but({}, {}))).mail).toMatch(/^✓ SMTP_URL is not set/)
  })

  test('finds a mail server that is not there, and one that never answers, within seconds', async () => {
    const gone = but({}, { SMTP_URL: `smtp://127.0.0.1:${await freePort()}` })
    expect((await looks(gone)).mail).toMatch(/^✗ The mail server of SMTP_URL takes no mail: .+\(E\w+\)/)
    const silent = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
    const began = performance.now()
    expect((await looks(but({}, { SMTP_URL: `smtp://x:CANARY@127.0.0.1:${port}` }))).mail).toMatch(
      /^✗ .*does not answer in time \(ETIMEDOUT\)\.$/,
    )
    // The promise of a page that somebody waits for, not a measure of speed.
    expect(performance.now() - began).toBeLessThan(8000)
    silent.close()
  })

  test('tells of mails that were given up, by code and never to whom', async () => {
    box.refuse(550, 'RCPT')
    await as(world, runner).instance.testMail({ to: 'canary-9d2e@example.com' })
    await expect
      .poll(async () => (await looks())['mail delivery'], { timeout: 20_000 })
      .toMatch(/^✗ 1 given up in the last seven days; the last one at .+: it said 550\.$/)
    box.refuse()
    expect(JSON.stringify(await looks())).not.toContain('canary-9d2e')
    await owner`delete from mail_failures`
  })

  test('tells of jobs that wait, that failed, and that nobody does', async () => {
    const add = (more: string) => owner.unsafe(`select graphile_worker.add_job('nobody', '{}'::json, ${more})`)
    await add(`run_at => now() + interval '1 hour'`)
    expect((await looks()).queue).toBe('✓ 1 job waits.')
    await add(`run_at => now() - interval '2 minutes'`)
    expect((await looks()).queue).toMatch(/^✗ 2 jobs wait, the oldest for 12\d s; does a server with SMTP_URL run\?$/)
    await owner`update graphile_worker._private_jobs set attempts = 1, last_error = 'ECONNREFUSED' where run_at < now()`
    expect((await looks()).queue).toBe('✗ 2 jobs wait, 1 of them failed before: nothing listens there (ECONNREFUSED).')
    await owner`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`
  })

  test.each([
    [
      'https://sign.example.com',
      { origin: 'https://sign.example.com', strangeProxy: false },
      /^✓ .*so this request came/,
    ],
    ['https://sign.example.com', { origin: 'http://10.0.0.7:3000', strangeProxy: false }, /^✗ .*came to http:\/\/10/],
    ['https://sign.example.com', { origin: 'http://sign.example.com', strangeProxy: true }, /^✓/],
    ['http://sign.example.com', { origin: 'http://sign.example.com', strangeProxy: false }, /^✗ .*without https/],
    ['http://localhost:3000', { origin: 'http://localhost:3000', strangeProxy: false }, /^✓/],
  ])('compares PUBLIC_URL %s with how the request came: %j', async (publicUrl, came, says) => {
    expect((await looks(but({}, { PUBLIC_URL: publicUrl }), came)).address).toMatch(says)
  })

  test('finds a proxy that is not trusted, over HTTP', async () => {
    await owner`update people set runs_instance = true where id = ${member.id}`
    const ask = async (more: Record<string, string>) => {
      const input = encodeURIComponent(JSON.stringify({}))
      const headers = { ...dashboardHeaders(url, member, project), ...more }
      const reply = await fetch(`${url}/trpc/instance.health?input=${input}`, { headers })
      return JSON.parse(await reply.text()).result?.data.looks
    }
    await expect.poll(() => ask({}), { timeout: 10_000 }).toBeDefined()
    const proxied = await ask({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' })
    expect(proxied.find((one: { name: string }) => one.name === 'proxies')).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('TRUSTED_PROXIES does not name it'),
    })
    const direct = await ask({})
    expect(direct.filter((one: { ok: boolean }) => !one.ok)).toEqual([])
  })
})

describe('instance.testMail', () => {
  test('sends a mail through the queue', async () => {
    const had = box.mails.length
    await as(world, runner).instance.testMail({ to: ' Ana@Example.com ' })
    const got = (await box.arrived(had + 1)).at(-1)
    expect(got?.to).toEqual(['ana@example.com'])
    expect(got?.links.text).toContain(url)
  })

  test('is for those who run the instance', async () => {
    const had = box.offered()
    await expect(as(world, member.actor).instance.testMail({ to: 'ana@example.com' })).rejects.toThrow(
      'who run this instance',
    )
    expect(box.offered()).toBe(had)
  })

  test('says so where no mail can be sent', async () => {
    await expect(as(but({}, {}), runner).instance.testMail({ to: 'ana@example.com' })).rejects.toThrow('SMTP_URL')
  })

  test('takes one address only', async () => {
    for (const to of ['a@example.com,b@example.com', 'a@example.com\r\nBcc: b@example.com', 'nobody'])
      await expect(as(world, runner).instance.testMail({ to })).rejects.toThrow()
  })
})
