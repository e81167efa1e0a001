import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { packageRoot } from '../server/lib/root.ts'

export const run = promisify(execFile)

/** The package of the TypeScript client as its sources are. */
export const sdkSource = join(packageRoot, 'clients', 'typescript')

/** The name that seed 2 gives to its SDK. */
export const seedName = '@orrisai/agent-otp-sdk'

/**
 * Packs the client with `npm pack` and installs the tarball with `npm install` into an empty directory, without a network: what
 * it depends on is packed from here. It is installed twice, also under seed 2's name. Answers the directory, and what was packed.
 * Called by a file, outside of its hooks: it removes what it made when the file ends.
 */
export async function installPacked(): Promise<{ dir: string; files: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-sdk-'))
  // In the package, where the compiler is found; the name is ignored by git.
  const scratch = mkdtempSync(join(packageRoot, 'dist-sdk-'))
  afterAll(() => {
    for (const made of [dir, scratch]) rmSync(made, { recursive: true, force: true })
  })
  const copy = join(scratch, 'source')
  cpSync(sdkSource, copy, { recursive: true, filter: (path) => !/[/\\](dist|node_modules)$/.test(path) })
  const tarballs = join(dir, 'tarballs')
  mkdirSync(tarballs)
  const cache = ['--cache', join(dir, 'cache')]
  const { stdout } = await run('npm', ['pack', '--json', ...cache, '--pack-destination', tarballs], { cwd: copy })
  const [made] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string; files: { path: string }[] }] // npm's own
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers']) {
    const from = join(packageRoot, 'node_modules', name)
    await run('npm', ['pack', '--ignore-scripts', ...cache, '--pack-destination', tarballs, from])
  }
  const all = readdirSync(tarballs).map((name) => `./tarballs/${name}`)
  const renamed = `${seedName}@file:./tarballs/${made.filename}`
  writeFileSync(join(dir, 'package.json'), '{"private":true,"type":"module"}')
  const quietly = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...cache]
  await run('npm', ['install', ...quietly, ...all, renamed], { cwd: dir })
  return { dir, files: made.files.map(({ path }) => path) }
}
