import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { type Ended, start, temporaryDirectory } from '../built.ts'

// Whole builds, three of them at once, beside whatever else runs.
vi.setConfig({ testTimeout: 240_000 })

/** A checkout of its own, below a directory with a space in its name, with everything installed and nothing built. */
const checkout = join(temporaryDirectory(), 'check out')
const sources = ['server', 'shared', 'web', 'drizzle', 'clients/typescript/src']
const program = join(checkout, 'server', 'countersign.mjs')
const run = (args: string[], environment = {}): Promise<Ended> => start(args, environment, '/', program).ended
const drafts = () => readdirSync(checkout).filter((name) => name.startsWith('dist-'))
const stampOf = () => readFileSync(join(checkout, 'dist', 'sources'), 'utf8')

beforeAll(() => {
  for (const name of [...sources, 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(packageRoot, name), join(checkout, name), { recursive: true })
  symlinkSync(join(packageRoot, 'node_modules'), join(checkout, 'node_modules'))
})

describe('the program', () => {
  test('builds itself once, also when several start at the same time, and says so on stderr only', async () => {
    const all = await Promise.all([run(['--version']), run(['--version']), run(['--version'])])
    for (const ended of all)
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect(all.some(({ stderr }) => stderr.includes('Building Countersign'))).toBe(true)
    expect(drafts()).toEqual([])
    expect(existsSync(join(checkout, 'dist', 'web', 'approve.html'))).toBe(true)
    expect(await run(['--version'])).toMatchObject({ code: 0, stderr: '' })
  })

  test('builds again when a source has changed, and keeps the old build when that fails', async () => {
    const [file, before] = [join(checkout, 'server', 'env-table.ts'), stampOf()]
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('What it is', 'What it does'))
    expect((await run(['env'])).stdout).toContain('| What it does |')
    const after = stampOf()
    expect(after).not.toBe(before)
    writeFileSync(file, 'this is ( no program')
    const ended = await run(['env'])
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('could not be built') })
    expect(stampOf()).toBe(after)
    expect(drafts()).toEqual([])
    // As it was built: nothing is to be built again.
    writeFileSync(file, text.replace('What it is', 'What it does'))
    expect(await run(['env'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('| What it does |'),
      stderr: '',
    })
  })

  test('runs the build it carries where there are no sources, from any directory and a path with a space', async () => {
    for (const name of ['env.ts', 'main.ts', 'lib']) rmSync(join(checkout, 'server', name), { recursive: true })
    for (const name of ['shared', 'web', 'clients']) rmSync(join(checkout, name), { recursive: true })
    const dataDir = join(temporaryDirectory(), 'da ta')
    const made = await run(['project:create', '--name', 'demo', '--json'], { DATA_DIR: dataDir })
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('"demo"') })
  })
})
