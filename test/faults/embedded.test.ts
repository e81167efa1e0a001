import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRoot } from '../../server/lib/embedded/account.ts'
import { alive, install, joined, leave, ordinary, postmasterOf, refusal } from './install.ts'

let app: Awaited<ReturnType<typeof install>>
beforeAll(async () => {
  app = await install()
})
afterAll(() => app.remove())

/** A directory for data that whoever runs the test's children may use. */
function fresh(name: string, who?: typeof ordinary): string {
  const dir = join(app.dir, name)
  mkdirSync(dir)
  chmodSync(dir, who ? 0o777 : 0o755)
  return join(dir, 'data')
}

describe('the first start', () => {
  test('makes a checksummed database behind a private socket, from a path with spaces and without the package links', async () => {
    const dataDir = fresh('first start')
    const child = app.run(dataDir)
    const { data, checksums, listens, pid, address } = await joined(child)
    expect({ data, checksums, listens }).toEqual({
      data: join(dataDir, 'embedded', 'data'),
      checksums: 'on',
      listens: '',
    })
    expect(statSync(address.host).mode & 0o777).toBe(0o700)
    expect(statSync(data).mode & 0o777).toBe(0o700)
    expect(statSync(data).uid).not.toBe(0)
    expect(statSync(data).uid === process.getuid?.()).toBe(!isRoot())
    // Nothing was written beside the package's own files.
    expect(
      readdirSync(join(app.native, 'lib')).some((name) => lstatSync(join(app.native, 'lib', name)).isSymbolicLink()),
    ).toBe(false)
    expect(alive(pid)).toBe(true)
    await leave(child)
    expect(alive(pid)).toBe(false)
  })

  test('by several at once ends in one server that all of them use, and nothing half made', async () => {
    const dataDir = fresh('race')
    for (const round of [1, 2, 3]) {
      const children = Array.from({ length: 4 }, () => app.run(dataDir))
      const pids = (await Promise.all(children.map(joined))).map(({ pid }) => pid)
      expect(new Set(pids).size, `round ${round}`).toBe(1)
      await Promise.all(children.map(leave))
      expect(postmasterOf(dataDir)).toBe(0)
      expect(alive(pids[0] ?? 0)).toBe(false)
    }
    expect(
      readdirSync(join(dataDir, 'embedded'))
        .map((name) => name.replace(/^lib-.*\d$/, 'lib'))
        .sort(),
    ).toEqual(['data', 'lib', 'postgres.log', 'run'])
  })

  test('keeps the socket in /tmp when the path is too long for one', async () => {
    const dataDir = join(fresh('long'), 'x'.repeat(100))
    const child = app.run(dataDir)
    const { host } = (await joined(child)).address
    expect(host).toMatch(/^\/tmp\/countersign-/)
    await leave(child)
    rmSync(host, { recursive: true })
  })

  test('works where only its owner may look, with the program there too', async () => {
    const closed = join(app.dir, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    cpSync(app.app, join(closed, 'app'), { recursive: true })
    const dataDir = join(closed, 'data')
    const child = app.run(dataDir, 'hold', { at: join(closed, 'app', 'dist', 'embedded.child.mjs') })
    const { data } = await joined(child)
    expect(data).toBe(realpathSync(join(dataDir, 'embedded', 'data')))
    // Root's server runs as another account, which cannot search this directory.
    expect(data.startsWith('/var/lib/countersign/')).toBe(isRoot())
    await leave(child)
  })

  test('as an ordinary user keeps everything that user’s', async () => {
    const who = isRoot() ? ordinary : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    const dataDir = fresh('ordinary', who)
    const child = app.run(dataDir, 'hold', isRoot() ? who : {})
    expect(statSync((await joined(child)).data).uid).toBe(who.uid)
    await leave(child)
  })
})

describe('the last process out', () => {
  test('stops the server; a short command beside it does not, and alone it does', async () => {
    const dataDir = fresh('last out')
    const server = app.run(dataDir)
    const { pid } = await joined(server)
    const command = app.run(dataDir, 'once')
    expect((await joined(command)).pid).toBe(pid)
    expect((await command.ended).code).toBe(0)
    expect(alive(pid)).toBe(true)
    await leave(server)
    expect(alive(pid)).toBe(false)

    const alone = app.run(dataDir, 'once')
    const { pid: own } = await joined(alone)
    await alone.ended
    expect(alive(own)).toBe(false)
  })

  test('is found when all leave at the same time, and a starter that comes then gets a server', async () => {
    const dataDir = fresh('all leave')
    for (let round = 0; round < 4; round++) {
      const leaving = [app.run(dataDir), app.run(dataDir), app.run(dataDir)]
      await Promise.all(leaving.map(joined))
      const gone = Promise.all(leaving.map(leave))
      const coming = app.run(dataDir)
      const { pid } = await joined(coming)
      await gone
      expect(alive(pid)).toBe(true)
      await leave(coming)
      expect(alive(pid)).toBe(false)
    }
  })
})

describe('a server', () => {
  test('gets nothing of our environment, and no ^C of our terminal', async () => {
    const child = app.run(fresh('apart'))
    const { pid } = await joined(child)
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('VITEST')
    // "pid (comm) state ppid pgrp session": a session of its own.
    const [, , pgrp, session] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    expect([Number(pgrp), Number(session)]).toEqual([pid, pid])
    await leave(child)
  })
})

describe('a data directory', () => {
  test('of another account is refused with a sentence', async () => {
    const dataDir = fresh('foreign', ordinary)
    if (isRoot()) {
      const owner = app.run(dataDir)
      await joined(owner)
      expect(await refusal(app.run(dataDir, 'hold', ordinary))).toMatch(/another account/)
      await leave(owner)
    } else {
      mkdirSync(dataDir)
      symlinkSync('/usr', join(dataDir, 'embedded'))
      expect(await refusal(app.run(dataDir))).toMatch(/another account/)
    }
  })

  test('that an ordinary user made is served to root as that user', async () => {
    const dataDir = fresh('handed over', ordinary)
    const first = app.run(dataDir, 'once', isRoot() ? ordinary : {})
    const { data } = await joined(first)
    await first.ended
    const { uid } = statSync(data)
    const second = app.run(dataDir)
    await joined(second)
    expect(statSync(join(data, 'postmaster.pid')).uid).toBe(uid)
    await leave(second)
  })

  test('of another major version is refused with a sentence, and left as it was', async () => {
    const dataDir = fresh('older')
    await app.run(dataDir, 'once').ended
    const version = join(dataDir, 'embedded', 'data', 'PG_VERSION')
    writeFileSync(version, '17\n')
    expect(await refusal(app.run(dataDir))).toMatch(/made by PostgreSQL 17, and this release brings PostgreSQL 18/)
    expect(existsSync(join(dataDir, 'embedded', 'data', 'postmaster.pid'))).toBe(false)
  })

  test('on a platform without a package is not even made: set DATABASE_URL', async () => {
    const bare = join(app.dir, 'bare')
    mkdirSync(join(bare, 'dist'), { recursive: true })
    writeFileSync(join(bare, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(bare, 'dist', 'child.mjs'), readFileSync(app.program))
    const child = app.run(fresh('bare data'), 'hold', { at: join(bare, 'dist', 'child.mjs') })
    expect(await refusal(child)).toMatch(/set DATABASE_URL/)
    expect((await child.ended).code).toBe(78)
  })
})
