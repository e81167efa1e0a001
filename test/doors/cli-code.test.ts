import { beforeAll, expect, test } from 'vitest'
import { grantTo, makeAccount } from '../accounts.ts'
import { build } from '../built.ts'
import { command, type Here, piped } from '../cli.ts'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'

// RFC 6238, Appendix B: at 1111111109 s the code is 07081804, and two seconds later, in the next step, 14050471.
let now = 1_111_111_090_000
const { url, world } = await serve({}, { clock: { now: () => new Date(now) } })
const project = await makeProject(world)
const { key } = await makeKey(world, project, 'admin')
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }
const github = await makeAccount(world, project, { name: 'ana@example.com', issuer: 'GitHub' })
await makeAccount(world, project, { name: 'robot', issuer: 'AWS', seed: Buffer.from('another seed of 20 b') })
const second = await makeAccount(world, project, {
  name: 'root',
  issuer: 'AWS',
  seed: Buffer.from('one more seed of 20 b'),
})

beforeAll(() => {
  build()
}, 300_000)

const code = (line: string[], at: Partial<Here> = here, watched = false) =>
  command(['code', ...line], at, { watched }).ended

test('as a process of its own: the code is all of stdout, by id', async () => {
  expect(await piped(['code', github.id], { ...here }).ended).toEqual({ code: 0, stdout: '081804\n', stderr: '' })
})

test('by a name or an issuer that one account has, in any case; a part will do when nothing else fits', async () => {
  for (const word of ['GitHub', 'github', 'ANA@example.com', 'git'])
    expect(await code([word]), word).toMatchObject({ code: 0, stdout: '081804\n' })
  const watched = await code(['GitHub'], here, true)
  expect(watched.stderr).toBe('It works until 2005-03-18T01:58:30.000Z.\n')
})

test('several of one name are 2 and are listed by id; none, and what a key may not, are 1', async () => {
  const several = await code(['aws'])
  expect(several).toMatchObject({ code: 2, stdout: '' })
  expect(several.stderr).toContain(`${second.id}  AWS  root`)
  expect(await code(['nowhere'])).toMatchObject({ code: 1, stdout: '' })
  expect(await code(['0'.repeat(26)])).toMatchObject({ code: 1, stdout: '' })
  const { key: writing } = await makeKey(world, project, 'write')
  expect(await code([github.id], { ...here, COUNTERSIGN_API_KEY: writing })).toMatchObject({ code: 1, stdout: '' })
  for (const line of [[], ['a', 'b'], ['a', '--nonsense']]) expect(await code(line)).toMatchObject({ code: 2 })
  expect(await code(['GitHub'], {})).toMatchObject({ code: 2 })
})

test('--json prints what the API answered', async () => {
  const { stdout } = await code(['GitHub', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ id: github.id, code: '081804', period: 30, next_code: '050471' })
})

test('--wait-fresh waits for the next code when this one is about to end, and only then', async () => {
  expect(await code(['GitHub', '--wait-fresh'])).toMatchObject({ stdout: '081804\n' })
  now = 1_111_111_109_000
  const waited = await code(['GitHub', '--wait-fresh', '--json'])
  expect(JSON.parse(waited.stdout)).toEqual({
    id: github.id,
    code: '050471',
    next_code: null,
    period: 30,
    seconds_remaining: 30,
    expires_at: '2005-03-18T01:59:00.000Z',
  })
  expect(await code(['GitHub'])).toMatchObject({ stdout: '081804\n' })
})

test('a key that has codes by count gets so many, and is told why there are no more', async () => {
  const counted = await makeKey(world, project, 'read', { scopes: ['accounts:codes'], accountTags: [] })
  const at = { ...here, COUNTERSIGN_API_KEY: counted.key }
  await grantTo(world, github, { keyFamily: counted.actor.family, codes: 1 })
  expect(await code(['GitHub', '--wait-fresh'], at)).toMatchObject({ code: 0, stdout: '081804\n' })
  const more = await code(['GitHub'], at)
  expect(more).toMatchObject({ code: 1, stdout: '' })
  expect(more.stderr).toMatch(/code/i)
})
