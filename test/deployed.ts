import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { packageRoot } from '../server/lib/root.ts'
import { temporaryDirectory } from './built.ts'
import { installed } from './faults/haproxy.ts'
import { asker } from './http.ts'
import { freePort } from './port.ts'

/** A file of the recipes for operators, as it is given to them. */
export const given = (name: string): string =>
  readFileSync(join(packageRoot, 'clients', 'recipes', 'deploy', name), 'utf8')

/** The blocks of a language in a page, as a reader copies them. */
export const blocksOf = (page: string, language: string): string[] =>
  [...given(page).matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text)

/** One replacement that must be possible: what is run is what people are given. */
export function put(text: string, find: RegExp | string, by: string): string {
  const made = text.replaceAll(find, by)
  if (made === text) throw new Error(`There is no ${find} to replace.`)
  return made
}

/** Proxies to be ended when the file ends; vitest takes no afterAll from inside a test. */
const undo: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(undo.map((step) => step())))

async function proxied(program: string, args: (dir: string) => string[], port: number) {
  const dir = temporaryDirectory()
  const child: ChildProcess = spawn(program, args(dir), {
    env: { PATH: process.env.PATH, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const gone = new Promise((resolve) => child.once('close', resolve))
  undo.push(() => {
    child.kill('SIGTERM')
    return gone
  })
  const url = `http://127.0.0.1:${port}`
  const up = async () => (await asker(url)('GET', '/healthz').catch(() => undefined))?.status === 200
  while (!(await up())) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
    await sleep(50)
  }
  return url
}

/** nginx with the block of the page, before a server; only addresses and the certificate are others. Answers its origin. */
export async function nginxBefore(server: string): Promise<string> {
  const program = installed('nginx', 'nginx-light')
  const port = await freePort()
  const [block = ''] = blocksOf('reverse-proxy.md', 'nginx')
  const plain = put(put(block, 'listen 443 ssl http2;', `listen 127.0.0.1:${port};`), /^ *ssl_.*\n/gm, '')
  const site = put(plain, '127.0.0.1:3000', new URL(server).host)
  return proxied(
    program,
    (dir) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path "${dir}/${one}";`,
      )
      const own = process.getuid?.() === 0 ? 'user root;' : ''
      writeFileSync(
        join(dir, 'nginx.conf'),
        `${own} daemon off; pid "${dir}/pid"; error_log stderr; events {} http { access_log off; ${temporary.join(' ')}\n${site} }\n`,
      )
      return ['-p', dir, '-c', join(dir, 'nginx.conf')]
    },
    port,
  )
}

/** Caddy with the block of the page, in the same way. */
export async function caddyBefore(server: string): Promise<string> {
  const program = installed('caddy', 'caddy')
  const port = await freePort()
  const [block = ''] = blocksOf('reverse-proxy.md', 'caddyfile')
  const bound = put(block, 'sign.example.com {', `http://127.0.0.1:${port} {\n\tbind 127.0.0.1`)
  const site = put(bound, '127.0.0.1:3000', new URL(server).host)
  return proxied(
    program,
    (dir) => {
      writeFileSync(join(dir, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${site}`)
      return ['run', '--adapter', 'caddyfile', '--config', join(dir, 'Caddyfile')]
    },
    port,
  )
}

type Step = { word: string; rest: string }

/** The steps of a Containerfile; comments gone, no line goes on in the next. */
const stepsOf = (text: string): Step[] =>
  text.split('\n').flatMap((line) => {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    return word === '' ? [] : [{ word, rest }]
  })

export type Image = {
  /** Where its files are. */
  root: string
  environment: Record<string, string>
  /** Its program with its usual arguments. */
  command: string[]
  user: string
  health: string[]
}

/**
 * What a Containerfile makes, made without a container: its steps in their order, each `FROM` in a directory of its own, its
 * absolute paths below that. The base image is this machine.
 */
export async function imageOf(text: string, run: (line: string, cwd: string) => Promise<void>): Promise<Image> {
  const home = temporaryDirectory()
  const stages = new Map<string, string>()
  const image: Image = { root: '', environment: {}, command: [], user: 'root', health: [] }
  let cwd = ''
  const at = (path: string, root = image.root) => (path.startsWith('/') ? join(root, path) : join(cwd, path))
  const words: Record<string, (rest: string) => Promise<void> | void> = {
    FROM(rest) {
      const [, name = `stage${stages.size}`] = / AS (\w+)$/.exec(rest) ?? []
      const root = join(home, name)
      stages.set(name, root)
      Object.assign(image, { root, environment: {}, user: 'root' })
    },
    WORKDIR(rest) {
      cwd = join(image.root, rest)
      mkdirSync(cwd, { recursive: true })
    },
    COPY(rest) {
      const [, stage, list = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? []
      const names = list.split(' ')
      const to = names.pop() ?? ''
      for (const name of names) {
        const from = stage === undefined ? join(packageRoot, name) : at(name, stages.get(stage))
        const target = to.endsWith('/') ? join(at(to), name.split('/').at(-1) ?? '') : at(to)
        mkdirSync(dirname(target), { recursive: true })
        cpSync(from, target, {
          recursive: true,
          verbatimSymlinks: true,
          filter: (one) => !/typescript\/(dist|node_modules)$/.test(one),
        })
      }
    },
    // There is no account to give it to.
    RUN: (rest) => run(rest.replaceAll(/ -o node -g node\b/g, '').replaceAll(/ (\/\w)/g, ` '${image.root}'$1`), cwd),
    ENV(rest) {
      const [name = '', value = ''] = rest.split('=')
      image.environment[name] = value
    },
    USER(rest) {
      image.user = rest
    },
    HEALTHCHECK(rest) {
      image.health = JSON.parse(rest.slice(rest.indexOf('[')))
    },
    ENTRYPOINT(rest) {
      image.command = JSON.parse(rest)
    },
    CMD(rest) {
      image.command.push(...JSON.parse(rest))
    },
    VOLUME: () => undefined,
    EXPOSE: () => undefined,
  }
  for (const { word, rest } of stepsOf(text)) {
    const step = words[word]
    if (!step) throw new Error(`The test does not know ${word}.`)
    await step(rest)
  }
  return image
}
