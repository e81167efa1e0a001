import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../server/lib/driver/connect.ts'
import { build, json, run, startServer, temporaryDirectory } from '../built.ts'

beforeAll(() => {
  build()
})

/** The embedded database of a data directory, as its owner. */
const ownerAt = (dataDir: string) =>
  connect(
    { host: join(dataDir, 'embedded', 'run'), port: 5432, user: 'countersign', database: 'countersign' },
    { max: 1, name: 'test' },
  )

describe('audit:verify', () => {
  test('proves the log beside a running server, finds an edit and a missing end, and takes a head that somebody kept', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const here = { DATA_DIR: dataDir, RATE_LIMITS: '*=100000/60' }
    const server = await startServer(here)
    const { id } = json(await run(['project:create', '--name', 'demo', '--json'], here))
    const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'admin', '--json'], here))
    const ask = async (path: string, init: RequestInit = {}) =>
      (await fetch(server.url + path, { ...init, headers: { authorization: `Bearer ${key}` } })).text()
    for (let n = 0; n < 5; n++) await ask(`/v1/key/proven/${n}`, { method: 'PUT', body: 'x' })
    await expect.poll(async () => JSON.parse(await ask('/v1/audit/head')).total, { timeout: 30_000 }).toBe(7)

    const well = await run(['audit:verify', '--json'], here)
    expect([well.code, json(well)]).toMatchObject([
      0,
      { intact: true, projects: [{ project_id: id, verdict: 'intact', sealed: 7 }] },
    ])
    expect((await run(['audit:verify', '--project', 'demo'], here)).stdout).toContain(`${id}\tintact\t7 entries`)
    const head = await ask('/v1/audit/head')
    mkdirSync(join(dataDir, 'kept'))
    writeFileSync(join(dataDir, 'kept', 'head.json'), head)
    // Written after the seal's commit.
    await expect
      .poll(() => readFileSync(join(dataDir, 'audit-heads', `${id}.json`), 'utf8'))
      .toContain(JSON.parse(head).head)

    const owner = ownerAt(dataDir)
    const tampered = async (statement: string, args: string[] = []) => {
      await owner.unsafe('set session_replication_role = replica')
      await owner.unsafe(statement)
      return run(['audit:verify', ...args], here)
    }
    const edited = await tampered("update events set target = 'value:proven/9' where target = 'value:proven/2'")
    expect([edited.code, edited.stderr.trim()]).toEqual([1, 'The audit log was tampered with; see above.'])
    expect(edited.stdout).toMatch(/^[0-9A-Z]{26}\ttampered\t/m)
    expect(edited.stdout).toMatch(/Entry [0-9A-Z]{26} is not what the service wrote\./)
    expect((await tampered("update events set target = 'value:proven/2' where target = 'value:proven/9'")).code).toBe(0)

    // The end with its seals, and the files of this machine beside them: only a head that somebody kept tells.
    const newest = `(select max(number) from seals where project_id = '${id}')`
    await owner.unsafe(
      `delete from events where project_id = '${id}' and tick >= (select from_tick from seals where project_id = '${id}' and number = ${newest})`,
    )
    await owner.unsafe(`delete from seals where project_id = '${id}' and number = ${newest}`)
    const cut = await run(['audit:verify', '--json'], here)
    expect([cut.code, json(cut).intact]).toEqual([1, false])
    writeFileSync(join(dataDir, 'audit-heads', `${id}.json`), '')
    writeFileSync(join(dataDir, 'audit-heads', `${id}.ndjson`), '')
    expect((await run(['audit:verify'], here)).code).toBe(0)
    for (const given of [head, join(dataDir, 'kept', 'head.json')])
      expect(await run(['audit:verify', '--head', given], here)).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('its end was deleted'),
      })
    expect((await run(['audit:verify', '--head', '{"number":1}'], here)).stderr).toContain('--head takes a head')
    await owner.end()
    await server.stop()
  }, 120_000)

  test('after kill -9 of a server in the middle of sealing the next one goes on, and the chain is whole', async () => {
    const dataDir = join(temporaryDirectory(), 'data')
    const here = { DATA_DIR: dataDir, RATE_LIMITS: '*=100000/60' }
    const { id } = json(await run(['project:create', '--name', 'demo', '--json'], here))
    const { key } = json(await run(['key:create', '--project', 'demo', '--preset', 'admin', '--json'], here))
    let acknowledged = 0
    for (const ms of [450, 520, 610, 700]) {
      const server = await startServer(here)
      let killed = false
      const writers = Array.from({ length: 4 }, async (_, n) => {
        for (let i = 0; !killed; i++)
          await fetch(`${server.url}/v1/key/w${n}/${i % 7}`, {
            ...{ method: 'PUT', body: 'x', headers: { authorization: `Bearer ${key}` } },
          }).then(
            (reply) => reply.ok && acknowledged++,
            () => undefined,
          )
      })
      await sleep(ms)
      killed = true
      server.child.kill('SIGKILL')
      await Promise.all([server.ended, ...writers])
    }
    expect(acknowledged).toBeGreaterThan(20)
    const last = await startServer(here)
    const total = async () => {
      const reply = await fetch(`${last.url}/v1/audit/head`, { headers: { authorization: `Bearer ${key}` } })
      return JSON.parse(await reply.text()).total
    }
    await expect.poll(total, { timeout: 40_000 }).toBeGreaterThanOrEqual(acknowledged + 2)
    const verified = await run(['audit:verify', '--json'], here)
    expect([verified.code, json(verified)]).toMatchObject([0, { projects: [{ project_id: id, verdict: 'intact' }] }])
    await last.stop()
  }, 120_000)
})
