import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { asker } from '../http.ts'
import { until } from '../until.ts'

/** A program of the system; fails with what to install. */
export function installed(name: string, debian: string): string {
  const dirs = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const file = dirs.map((dir) => join(dir, name)).find(existsSync)
  if (file === undefined) throw new Error(`This test needs ${name}: apt-get install ${debian}.`)
  return file
}

let tried = 20_000 + Math.floor(Math.random() * 11_000)

/** A free port that nothing else is given while its server is down: below those that the system hands out. */
export async function steadyPort(): Promise<number> {
  for (;;) {
    const port = tried++
    const probe = createServer()
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (free) return port
  }
}

/** One replacement that must be possible: the file is the one that people are given. */
function put(text: string, find: RegExp, by: string): string {
  if (!find.test(text)) throw new Error(`haproxy.cfg has no ${find}.`)
  return text.replace(find, by)
}

/** What HAProxy says of a server: `UP`, `DOWN` and steps between; and how many sessions went there. */
type Seen = { status: string; sessions: number }

export type Balancer = {
  url: string
  seen(place: number): Promise<Seen>
  /** Waits until requests go to the node, or no more. */
  takes(place: number, yes: boolean): Promise<void>
}

/** HAProxy with the file of `clients/recipes/deploy`, its addresses replaced, before nodes at these ports. Ends with the file. */
export async function startHaproxy(ports: readonly number[]): Promise<Balancer> {
  const program = installed('haproxy', 'haproxy')
  const [port, watch] = [await steadyPort(), await steadyPort()]
  const given = readFileSync(join(packageRoot, 'clients', 'recipes', 'deploy', 'haproxy.cfg'), 'utf8')
  const servers = ports.map((one, place) => `  server n${place} 127.0.0.1:${one}\n`).join('')
  const bound = put(given, /bind :443 .*/, `bind 127.0.0.1:${port}`)
  const text = put(put(bound, /( {2}server .*\n)+/, servers), /127\.0\.0\.1:8404/, `127.0.0.1:${watch}`)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-haproxy-'))
  const file = join(dir, 'haproxy.cfg')
  writeFileSync(file, text)
  const child = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said += more
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  afterAll(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(dir, { recursive: true })
  })
  const ask = asker(`http://127.0.0.1:${watch}`)
  const seen = async (place: number): Promise<Seen> => {
    const [head = '', ...rows] = (await ask('GET', '/;csv')).text.replace(/^# /, '').split('\n')
    const names = head.split(',')
    const row = rows.map((one) => one.split(',')).find(([, name]) => name === `n${place}`)
    const cell = (name: string) => row?.[names.indexOf(name)] ?? ''
    return { status: cell('status'), sessions: Number(cell('stot')) }
  }
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`)
    return seen(0).then(
      () => true,
      () => false,
    )
  })
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    takes: (place, yes) => until(async () => /^UP/.test((await seen(place)).status) === yes, 60_000),
  }
}
