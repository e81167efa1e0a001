#!/usr/bin/env node
// The `countersign` command: builds dist/ when it is older than the sources, then runs it in this same process.
// Plain JavaScript, because it runs before anything is built. `countersign build` builds and ends.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const program = join(dist, 'server', 'main.js')
const sources = ['server', 'shared', 'web', 'drizzle', 'clients/typescript/src', 'package.json', 'package-lock.json']

/** Digest of everything the build reads; `undefined` in a deployment that carries no sources. */
function digestOfSources() {
  if (!existsSync(join(root, 'server', 'main.ts'))) return undefined
  const hash = createHash('sha1')
  const take = (path) =>
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  const walk = (directory) => {
    const entries = readdirSync(join(root, directory), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${directory}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) take(path)
    }
  }
  for (const path of sources) {
    if (/\.json$/.test(path)) take(path)
    else if (existsSync(join(root, path))) walk(path)
  }
  return hash.digest('hex')
}

function digestOfBuild() {
  try {
    return readFileSync(join(dist, 'sources'), 'utf8')
  } catch {
    return undefined
  }
}

/** Puts a finished build in place. Of several builders of the same sources the first one stands. */
function publish(draft, digest) {
  for (let round = 0; digestOfBuild() !== digest; round++) {
    const old = `${draft}-old`
    try {
      if (existsSync(dist)) renameSync(dist, old)
      renameSync(draft, dist)
    } catch (error) {
      if (round === 20) throw error // another builder got in between, twenty times over
    }
    rmSync(old, { recursive: true, force: true })
  }
  rmSync(draft, { recursive: true, force: true })
}

/** In the package, so that it is on the same disk and finds node_modules; the name is ignored by git. */
function openDraft() {
  try {
    const draft = mkdtempSync(join(root, 'dist-'))
    chmodSync(draft, 0o755) // other accounts may run what this one built
    return draft
  } catch (error) {
    return fail(`Cannot build in ${root} (${error.code}): run \`countersign build\` as the account that owns it.`)
  }
}

async function build() {
  const digest = digestOfSources()
  if (digest === undefined) throw new Error('There are no sources here to build from.')
  if (digest === digestOfBuild()) return
  const draft = openDraft()
  try {
    // Before anything is loaded: whoever calls, as a test run, may be in another mode, and a build is always the real one.
    process.env.NODE_ENV = 'production'
    const vite = await import('vite')
    const quiet = { logLevel: 'warn', clearScreen: false }
    const parts = { web: 'web/vite.config.ts', dashboard: 'web/dashboard.config.ts', server: 'server/vite.config.ts' }
    for (const [part, config] of Object.entries(parts)) {
      const configFile = join(root, config)
      await vite.build({ ...quiet, configFile, build: { outDir: join(draft, part), emptyOutDir: true } })
    }
    writeFileSync(join(draft, 'sources'), digest)
    publish(draft, digest)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
}

/** True when vite is installed; a deployment with `npm ci --omit=dev` runs the build it carries. */
const canBuild = () => existsSync(join(root, 'node_modules', 'vite', 'package.json'))

function buildWhenOld() {
  const digest = digestOfSources()
  if (digest === undefined || digest === digestOfBuild()) return
  if (!canBuild() && existsSync(program)) return
  if (!canBuild()) fail('There is no build yet, and vite is not installed: run `npm ci` with its development packages.')
  process.stderr.write('Building Countersign once; this takes a few seconds …\n')
  // A process of its own: what a bundler leaves in memory is not the server's.
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'build'], { stdio: ['ignore', 2, 2] })
  if (child.status !== 0) fail('Countersign could not be built; the reason stands above.')
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(`Countersign needs Node 20.19 or newer; this is ${process.version}.`)

if (process.argv[2] === 'build') {
  await build()
} else {
  buildWhenOld()
  await import(pathToFileURL(program).href)
}
