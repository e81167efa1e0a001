import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { isRoot, unprivileged } from '../../server/lib/embedded/account.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { asker } from '../http.ts'
import { until } from '../until.ts'
import { installed, steadyPort } from './haproxy.ts'

/** Where Debian puts the newest PostgreSQL, with all that Patroni calls. */
function postgresBin(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  const bin = versions.map((one) => join(root, one, 'bin')).find((dir) => existsSync(join(dir, 'pg_rewind')))
  if (bin === undefined) throw new Error('This test needs PostgreSQL with pg_rewind: apt-get install postgresql.')
  return bin
}

/** Replacements that must all be possible: the file is the one that people are given. */
function filled(text: string, by: readonly (readonly [RegExp, string])[]): string {
  return by.reduce((whole, [find, put]) => {
    if (!find.test(whole)) throw new Error(`patroni.yml has no ${find}.`)
    return whole.replace(find, put)
  }, text)
}

/** Every process below one. */
function below(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parents = all.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const]
    } catch {
      return []
    }
  })
  const children = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...children(child)])
  return children(pid)
}

const signal = (pid: number, what: NodeJS.Signals) => {
  try {
    process.kill(pid, what)
  } catch {
    // It has ended meanwhile.
  }
}

const titleOf = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

type Failover = {
  /** `DATABASE_URL` of a user, naming every host. */
  url(user: string, password: string, database: string): string
  /** The place of the primary, as soon as there is one (other than `not`) and so many standbys follow it in step. */
  primary(standbys?: number, not?: number): Promise<number>
  /** Changes what all hosts agree on. */
  configure(dcs: object): Promise<void>
  /** Stops all replication from this host: what it commits from now on stays there. */
  cutOff(place: number): void
  /** Kills Patroni, PostgreSQL and every process of it at once. */
  kill(place: number): void
  /** Starts Patroni again on a host that was killed. */
  start(place: number): void
}

/**
 * Three hosts of PostgreSQL under Patroni, with the file of `clients/recipes/deploy`, its addresses replaced, and one etcd.
 * Everything ends with the test file. PostgreSQL and Patroni do not run as root: then they run as another account.
 */
export async function startPatroni(): Promise<Failover> {
  const [patroni, etcd, bin] = [installed('patroni', 'patroni'), installed('etcd', 'etcd-server'), postgresBin()]
  const account = isRoot() ? unprivileged() : undefined
  const dir = mkdtempSync(join(tmpdir(), 'countersign-patroni-'))
  const own = (path: string) => {
    if (account) chownSync(path, account.uid, account.gid)
    chmodSync(path, 0o700)
  }
  own(dir)
  const ends: (() => void)[] = []
  const run = (command: string, args: string[]) => {
    const env = { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8' }
    const child = spawn(command, args, { ...account, cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => {
        said = (said + more).slice(-20_000)
      })
    return { child, said: () => said, ended: new Promise<void>((resolve) => child.on('close', () => resolve())) }
  }
  const [client, peer] = [await steadyPort(), await steadyPort()]
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`]
  const kept = run(etcd, [
    ...['--data-dir', join(dir, 'etcd'), '--name', 'one', '--log-level', 'error'],
    ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `one=${peerUrl}`],
  ])
  ends.push(() => signal(kept.child.pid ?? 0, 'SIGKILL'))
  const given = readFileSync(join(packageRoot, 'clients', 'recipes', 'deploy', 'patroni.yml'), 'utf8')
  const hosts: { port: number; rest: number; file: string; child: ReturnType<typeof run> | undefined }[] = []
  for (const name of ['one', 'two', 'three']) {
    const [port, rest] = [await steadyPort(), await steadyPort()]
    const file = join(dir, `${name}.yml`)
    const text = filled(given, [
      [/name: one\n/, `name: ${name}\n`],
      [
        /listen: 10\.0\.0\.11:8008\n {2}connect_address: 10\.0\.0\.11:8008/,
        `listen: 127.0.0.1:${rest}\n  connect_address: 127.0.0.1:${rest}`,
      ],
      [/hosts: 10.*/, `hosts: 127.0.0.1:${client}`],
      [
        /listen: 10\.0\.0\.11:5432\n {2}connect_address: 10\.0\.0\.11:5432/,
        `listen: 127.0.0.1:${port}\n  connect_address: 127.0.0.1:${port}`,
      ],
      [/bin_dir: .*/, `bin_dir: ${bin}`],
      [/data_dir: .*/, `data_dir: ${join(dir, name)}\n  pgpass: ${join(dir, `${name}.pgpass`)}`],
      [/10\.0\.0\.0\/24/g, '127.0.0.1/32'],
      // Not where Debian's own server has its socket.
      [/max_connections: 200/, `max_connections: 200\n        unix_socket_directories: '${dir}'`],
    ])
    writeFileSync(file, text)
    own(file)
    hosts.push({ port, rest, file, child: undefined })
  }
  const start = (place: number) => {
    const host = hosts[place]
    if (host) host.child = run(patroni, [host.file])
  }
  const processes = (place: number) => {
    const pid = hosts[place]?.child?.child.pid
    const file = join(dir, ['one', 'two', 'three'][place] ?? '', 'postmaster.pid')
    const postmaster = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
    const tree = (root: number | undefined) => (root === undefined ? [] : [root, ...below(root)])
    return [...new Set([...tree(postmaster), ...tree(pid)])]
  }
  const kill = (place: number) => {
    for (const pid of processes(place)) signal(pid, 'SIGKILL')
    const host = hosts[place]
    if (host) host.child = undefined
  }
  afterAll(async () => {
    const running = [...hosts.map((one) => one.child?.ended), kept.ended]
    for (const place of hosts.keys()) kill(place)
    for (const end of ends) end()
    await Promise.all(running)
    rmSync(dir, { recursive: true, force: true, maxRetries: 20 })
  })

  type Member = { name: string; role: string; state: string; lag?: number }
  const membersOf = async (): Promise<Member[]> => {
    for (const { rest, child } of hosts) {
      if (!child) continue
      const reply = await asker(`http://127.0.0.1:${rest}`)('GET', '/cluster').catch(() => undefined)
      if (Array.isArray(reply?.body.members)) return reply.body.members
    }
    return []
  }
  await until(() =>
    asker(clientUrl)('GET', '/health').then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
  for (const place of hosts.keys()) start(place)
  return {
    url: (user, password, database) =>
      `postgres://${user}:${password}@${hosts.map(({ port }) => `127.0.0.1:${port}`).join()}/${database}`,
    async primary(standbys = 0, not) {
      let found: number | undefined
      let seen: Member[] = []
      await until(async () => {
        seen = await membersOf()
        const leader = seen.find((one) => one.role === 'leader' && one.state === 'running')
        const inStep = seen.filter(
          (one) => one.role !== 'leader' && /^(running|streaming)$/.test(one.state) && one.lag === 0,
        )
        found = leader && ['one', 'two', 'three'].indexOf(leader.name)
        return found !== undefined && found !== not && inStep.length >= standbys
      }, 90_000).catch(() => {
        const logs = hosts.map((one) => one.child?.said().slice(-3000)).join('\n')
        throw new Error(`There is no primary with ${standbys} standbys: ${JSON.stringify(seen)}\n${logs}`)
      })
      return found ?? 0
    },
    async configure(dcs) {
      const body = JSON.stringify(dcs)
      const reply = await fetch(`http://127.0.0.1:${hosts[0]?.rest}/config`, { method: 'PATCH', body })
      if (!reply.ok) throw new Error(`Patroni took no change: ${await reply.text()}`)
    },
    cutOff(place) {
      for (const pid of processes(place)) if (/walsender/.test(titleOf(pid))) signal(pid, 'SIGSTOP')
    },
    kill,
    start,
  }
}
