import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { contract } from '../shared/contract/index.ts'

/** One import: who imports whom, both as paths from the top; a package stands as its name. */
export type Arrow = { from: string; to: string; typeOnly: boolean }

const rooms = new Set(['lib', 'rpc', 'http', 'mcp', 'jobs', 'cli'])
const kernel = new Set(['context', 'verb', 'world', 'once', 'wait', 'instance', 'vault', 'rewrapping', 'env'])
const verbs = new Map<string, Set<string>>(
  Object.entries(contract).map(([feature, entries]) => [feature, new Set(Object.keys(entries))]),
)

/** Which room of the house a file is in. */
export function roomOf(path: string): string {
  const [top = '', second = '', third = ''] = path.replace(/\.(ts|tsx|mjs)$/, '').split('/')
  if (top !== 'server') return top === 'drizzle' && second === 'migrate' ? 'drizzle/migrate' : top
  if (third === '') return kernel.has(second) ? 'kernel' : 'main'
  if (rooms.has(second)) return second
  if (third === 'index') return 'index'
  return verbs.get(second)?.has(third) ? 'verb' : 'noun'
}

const below = ['shared', 'drizzle', 'drizzle/migrate', 'lib', 'kernel']

/** Where each room's imports may lead. */
const may: Record<string, readonly string[]> = {
  shared: ['shared'],
  drizzle: ['shared', 'drizzle'],
  'drizzle/migrate': ['shared', 'drizzle', 'lib'],
  lib: ['shared', 'drizzle', 'lib'],
  kernel: below,
  noun: [...below, 'noun'],
  verb: [...below, 'noun'],
  index: [...below, 'noun', 'verb'],
  rpc: [...below, 'rpc', 'index'],
  mcp: ['shared', 'mcp'],
  http: [...below, 'rpc', 'http', 'mcp', 'noun'],
  jobs: [...below, 'jobs', 'noun', 'index'],
  cli: [...below, 'cli', 'noun', 'index', 'jobs', 'main', 'http', 'mcp'],
  main: [...below, 'main', 'rpc', 'http', 'jobs', 'cli', 'noun', 'index'],
  web: ['shared', 'web'],
}

/** Packages that only some rooms may name: `shared` is words both sides speak, the web knows no database. */
const packages: Record<string, (name: string) => boolean> = {
  shared: (name) => name === 'zod',
  web: (name) => !/^(node:|drizzle-orm|postgres|fastify)/.test(name),
}

/** Why an arrow is not allowed, as a sentence; undefined when it is. */
export function faultOf({ from, to, typeOnly }: Arrow): string | undefined {
  const room = roomOf(from)
  if (!/^(server|shared|drizzle|web|test)\//.test(to)) {
    if (to.startsWith('/') || to === 'package.json') return undefined
    return packages[room]?.(to) === false ? `${from} (${room}) may not use the package ${to}.` : undefined
  }
  if (room === 'web' && typeOnly && to === 'server/rpc/router.ts') return undefined
  const target = roomOf(to)
  if (room === 'index' && target === 'verb' && dirname(from) !== dirname(to))
    return `${from} may not name a verb of another feature: ${to}.`
  return may[room]?.includes(target) ? undefined : `${from} (${room}) may not import ${to} (${target}).`
}

const statement = /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/g

function arrowsOf(file: string, text: string): Arrow[] {
  return [...text.matchAll(statement)].flatMap(([, , type, fixed, lazy]) => {
    const target = (fixed ?? lazy ?? '').split('?')[0] ?? ''
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)) : target
    return to === '' ? [] : [{ from: file, to, typeOnly: type !== undefined }]
  })
}

/** Every import of the sources below the top. */
export function arrows(top: string): Arrow[] {
  const files = ['server', 'shared', 'drizzle', 'web'].flatMap((room) =>
    readdirSync(join(top, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx)$/.test(name) && !/vite\.config\.ts$/.test(name))
      .map((name) => `${room}/${name}`),
  )
  return files.flatMap((file) => arrowsOf(file, readFileSync(join(top, file), 'utf8')))
}
