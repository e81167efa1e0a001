import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../server/lib/driver/connect.ts'
import { often } from '../thorough.ts'
import { alive, install, joined, leave, postmasterOf } from './install.ts'

let app: Awaited<ReturnType<typeof install>>
beforeAll(async () => {
  app = await install()
})
afterAll(() => app.remove())

function fresh(name: string): string {
  const dir = join(app.dir, name)
  mkdirSync(dir)
  chmodSync(dir, 0o755)
  return join(dir, 'data')
}

/** A client of the server whose socket is in the directory. */
const at = ({ host }: { host: string }) =>
  connect({ host, port: 5432, user: 'countersign', database: 'countersign' }, { max: 1, name: 'test' })

const dead = async (...pids: number[]) => {
  while (pids.some(alive)) await sleep(5)
}

describe('kill -9', () => {
  test('of the process leaves the server to the next one, which stops it as the last out', async () => {
    const dataDir = fresh('adopted')
    const first = app.run(dataDir)
    const { pid } = await joined(first)
    first.process.kill('SIGKILL')
    await first.ended
    expect(alive(pid)).toBe(true)
    const second = app.run(dataDir)
    const found = await joined(second)
    expect(found.pid).toBe(pid)
    await leave(second)
    expect(alive(pid)).toBe(false)
  })

  test('of one of two does not keep the other from being the last out', async () => {
    const dataDir = fresh('one of two')
    const [first, second] = [app.run(dataDir), app.run(dataDir)]
    const [{ pid }] = await Promise.all([joined(first), joined(second)])
    first.process.kill('SIGKILL')
    await first.ended
    await leave(second)
    expect(alive(pid)).toBe(false)
  })

  test('of the server makes the process that uses it start it again', async () => {
    const dataDir = fresh('server dies')
    const child = app.run(dataDir)
    const { pid, address } = await joined(child)
    process.kill(pid, 'SIGKILL')
    await dead(pid)
    const sql = at(address)
    const began = performance.now()
    while (
      !(await sql`select 1`.then(
        () => true,
        () => false,
      ))
    )
      await sleep(20)
    // The promise of the issue, not a measure of speed: service is back within 5 s.
    expect(performance.now() - began).toBeLessThan(5000)
    await sql.end()
    expect(postmasterOf(dataDir)).not.toBe(pid)
    await leave(child)
  })

  test('during the first start leaves nothing that the next one cannot use', async () => {
    const dataDir = fresh('first start')
    for (const ms of [150, 300, 450, 600]) {
      const child = app.run(dataDir)
      await sleep(ms)
      child.process.kill('SIGKILL')
      await child.ended
    }
    const child = app.run(dataDir)
    await joined(child)
    await leave(child)
  })
})

describe('kill -9 of process and server while they write', () => {
  /** Kills both after a while; answers how many acknowledged rows are not there after the next start. */
  async function lost(dataDir: string, commit: 'on' | 'off', ms: number): Promise<number> {
    const child = app.run(dataDir, 'write', { commit })
    const { pid } = await joined(child)
    await child.line((line) => line === '10')
    await sleep(ms)
    child.process.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    const { lines } = await child.ended
    const acknowledged = Number(lines.findLast((line) => /^\d+$/.test(line)))
    const next = app.run(dataDir)
    const { address } = await joined(next)
    const sql = at(address)
    const [row] = await sql`select count(*)::int as rows from written where n <= ${acknowledged}`
    await sql`drop table written`
    await sql.end()
    await leave(next)
    return acknowledged + 1 - row?.rows
  }

  /** When, in ms after the tenth row, both are killed. */
  const moments = [10, 230, 400, 50, 120, 310].slice(0, often(3, 6))

  test('loses nothing that was acknowledged', async () => {
    const dataDir = fresh('durable')
    for (const ms of moments) expect(await lost(dataDir, 'on', ms)).toBe(0)
  })

  test('loses acknowledged rows when commits do not wait for the disk (control)', async () => {
    const dataDir = fresh('not durable')
    let sum = 0
    for (const ms of moments) sum += await lost(dataDir, 'off', ms)
    expect(sum).toBeGreaterThan(0)
  })
})

describe('a postmaster.pid whose number belongs to somebody else', () => {
  test('keeps PostgreSQL from starting (control), but not us', async () => {
    const dataDir = fresh('reused')
    const first = app.run(dataDir)
    const { pid, data } = await joined(first)
    first.process.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await dead(pid)
    const { uid, gid } = statSync(data)
    // Another process of the same account got the number.
    const other = spawn('sleep', ['60'], { uid, gid, cwd: '/', stdio: 'ignore' })
    try {
      const file = join(data, 'postmaster.pid')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)))
      await sleep(300)
      const alone = spawnSync(join(app.native, 'bin', 'postgres'), ['-D', data, '-c', 'listen_addresses='], {
        ...{ uid, gid, cwd: '/', encoding: 'utf8', timeout: 10_000 },
        env: {
          LD_LIBRARY_PATH: join(
            data,
            '..',
            readdirSync(join(data, '..')).find((name) => name.startsWith('lib-')) ?? '',
          ),
        },
      })
      expect(alone.stderr).toMatch(/lock file "postmaster.pid" already exists/)
      const second = app.run(dataDir)
      await joined(second)
      await leave(second)
      expect(alive(other.pid ?? 0)).toBe(true)
    } finally {
      other.kill('SIGKILL')
    }
  })
})

test('an empty postmaster.pid, left by a crash in the middle of a start, does not keep us from starting', async () => {
  const dataDir = fresh('empty')
  const first = app.run(dataDir, 'once')
  const { data } = await joined(first)
  await first.ended
  const { uid, gid } = statSync(data)
  writeFileSync(join(data, 'postmaster.pid'), '')
  chownSync(join(data, 'postmaster.pid'), uid, gid)
  const second = app.run(dataDir)
  await joined(second)
  await leave(second)
})

describe('the log of the server', () => {
  test('holds no value of a failed statement', async () => {
    const dataDir = fresh('log')
    const child = app.run(dataDir)
    const { address } = await joined(child)
    const sql = at(address)
    await sql`create table once (secret text primary key)`
    await sql`insert into once values ('canary1')`
    await expect(sql`insert into once values (${'canary1'})`).rejects.toThrow('duplicate key')
    await expect(sql`select ${'canary2'}::text::int`).rejects.toThrow('canary2')
    await expect(sql.unsafe("select 'canary3'::uuid")).rejects.toThrow('canary3')
    await expect(sql.unsafe('select canary4')).rejects.toThrow('canary4')
    await sql.end()
    await leave(child)
    const log = readFileSync(join(dataDir, 'embedded', 'postgres.log'), 'utf8')
    expect(log).toContain('database system is ready')
    expect(log).not.toContain('canary')
  })
})
