import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'

const dist = join(packageRoot, 'dist', 'web')

type Chunk = { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] }

// The build's own list of what each entry needs.
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>

/** What only whoever is signed in loads of the approval page. */
const ofMembers = /approve\/member\.tsx$|simplewebauthn/

/** Every script and sheet that an entry can load, but for that. */
function filesOf(entry: string, chunks = new Set<string>()): Set<string> {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`The build has no ${entry}.`)
  chunks.add(entry)
  const later = (chunk.dynamicImports ?? []).filter((one) => !ofMembers.test(one))
  const next = [...(chunk.imports ?? []), ...later].filter((one) => !chunks.has(one))
  return new Set([chunk.file, ...(chunk.css ?? []), ...next.flatMap((one) => [...filesOf(one, chunks)])])
}

const read = (file: string) => readFileSync(join(dist, file))

const entries = ['approve.html', 'index.html', 'share.html', 'secret.html', 'receipt.html', 'answer.html']

test.each(entries)('%s weighs at most 120 KiB of script and style, compressed', (entry) => {
  const bytes = [...filesOf(entry)].reduce((sum, file) => sum + gzipSync(read(file)).length, 0)
  expect(bytes / 1024).toBeGreaterThan(60)
  expect(bytes / 1024).toBeLessThanOrEqual(120)
})

test('what whoever is signed in loads of the approval page on top weighs at most 8 KiB', () => {
  const usual = filesOf('approve.html')
  const added = Object.keys(manifest)
    .filter((name) => ofMembers.test(name))
    .flatMap((name) => [...filesOf(name)])
    .filter((file) => !usual.has(file))
  const bytes = [...new Set(added)].reduce((sum, file) => sum + gzipSync(read(file)).length, 0)
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes / 1024).toBeLessThanOrEqual(8)
})

test.each(entries)('%s carries no schema library, no server code and no address of another host', (entry) => {
  for (const file of filesOf(entry)) {
    const text = read(file).toString()
    expect(text).not.toMatch(/ZodError|drizzle|fastify|postgres/i)
    const hosts = [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map((found) => found[1])
    expect(hosts.filter((host) => !/^(www\.w3\.org|react\.dev|mantine\.dev|trpc\.io)$/.test(host ?? ''))).toEqual([])
    expect(text).not.toContain('@font-face')
  }
})
