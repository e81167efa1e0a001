import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { serve as start } from '../../server/serve.ts'
import type { World } from '../../server/world.ts'
import { as, asVisitor } from '../as.ts'
import { between } from '../between.ts'
import { testDb } from '../db.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { configOf, serve } from '../serve.ts'

const recipes = join(packageRoot, 'clients', 'recipes')
const read = (name: string) => readFileSync(join(recipes, name), 'utf8')

/** The first block of a language in a page, as a reader copies it. */
const blockIn = (name: string, language: string) =>
  read(name).split(`\n\`\`\`${language}\n`)[1]?.split(/^```$/m)[0] ?? ''

const { url, world } = await serve()
const { key, actor, project } = await makeAsker(world)
const ana = await makePerson(world, project)
const here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }

const directory = mkdtempSync(join(tmpdir(), 'countersign-recipes-'))
const script = join(directory, 'wait-for-approval.sh')
const children: ChildProcess[] = []
writeFileSync(script, blockIn('bash.md', 'bash'), { mode: 0o755 })
afterAll(() => {
  for (const { pid, exitCode, signalCode } of children)
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

/** Runs a line in bash, as a group of its own. */
function running(line: string, environment: Record<string, string> = here, cwd = directory) {
  const env = { PATH: process.env.PATH, HOME: directory, TMPDIR: directory, ...environment }
  const child = spawn('bash', ['-c', line], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  /** As Ctrl-C at a terminal: to every process of the group. */
  const interrupt = () => process.kill(-(child.pid ?? 0), 'SIGINT')
  return { ended, interrupt, stderr: () => stderr }
}

let made = 0

/** Asks by the script, under a value of its own. */
function asking(info = 'Deploy it', environment: Record<string, string> = {}, seconds = 600) {
  const keyPath = `sh/${++made}`
  const line = `./wait-for-approval.sh ${keyPath} "$INFO" ${seconds}`
  return { keyPath, ...running(line, { ...here, INFO: info, ...environment }) }
}

/** The one approval under a path, as soon as it is asked for. */
async function theOne(key_path: string, at: World = world, who = actor) {
  const look = async () => (await as(at, who).approvals.list({ key_path, limit: 10 })).items
  await expect.poll(look, { timeout: 30_000 }).toHaveLength(1)
  const [found] = await look()
  if (!found) throw new Error('It is gone.')
  return found
}

async function decide({ keyPath }: { keyPath: string }, action: string) {
  const { approval_id, action_hash } = await theOne(keyPath)
  await as(world, ana.actor).approvals.decide({ approval_id, action, action_hash })
}

test('every recipe is in the index, and the script is the one that bash.md shows', () => {
  const pages = readdirSync(recipes).filter((name) => name.endsWith('.md') && name !== 'README.md')
  for (const name of pages) expect(read('README.md')).toContain(`(${name})`)
  const links = [...read('README.md').matchAll(/\]\((?!http)([^)]+)\)/g)].map(([, link = '']) => link)
  for (const link of links) expect(() => readFileSync(join(recipes, link)), link).not.toThrow()
  expect(blockIn('bash.md', 'bash')).toBe(read('wait-for-approval.sh'))
})

test('bash: approved is 0 and goes on, the link is on stderr only and opens nothing by itself', async () => {
  writeFileSync(join(directory, 'deploy.sh'), '#!/bin/sh\necho deployed\n', { mode: 0o755 })
  const run = running(blockIn('bash.md', 'sh'))
  const { approval_id, action_hash, link, info } = await theOne('deploy/prod')
  expect({ link, info }).toEqual({ link: 'signed_in', info: 'Deploy v2.1.0 to production' })
  await as(world, ana.actor).approvals.decide({ approval_id, action: 'approve', action_hash })
  const { code, stdout, stderr } = await run.ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'approve\ndeployed\n' })
  expect(stderr).toMatch(new RegExp(`^Decide here: ${url}/a/\\w{26}\n$`))
})

test('bash: rejected is 3, expired 4, invalidated and locked 5', async () => {
  const [no, late, taken, locked] = [asking(), asking(), asking(), asking()]
  await decide(no, 'reject')
  const expiring = (await theOne(late.keyPath)).approval_id
  await world.db.sql`update approvals set expires_at = now() + interval '300 ms' where id = ${expiring}`
  await as(world, ana.actor).approvals.invalidate({ approval_id: (await theOne(taken.keyPath)).approval_id })
  const { approval_id } = await theOne(locked.keyPath)
  await world.db.sql`update approvals set status = 'locked', ended_at = now() where id = ${approval_id}`
  expect(await no.ended).toMatchObject({ code: 3, stdout: 'reject\n' })
  expect(await late.ended).toMatchObject({ code: 4, stdout: '' })
  expect(await taken.ended).toMatchObject({ code: 5, stdout: '' })
  expect(await locked.ended).toMatchObject({ code: 5, stdout: '' })
})

test('bash: a wrong use is 2, a no of the server is 1 with its sentence, and neither shows the key', async () => {
  const none = await running('./wait-for-approval.sh a', here).ended
  const unset = await running('./wait-for-approval.sh a b', { COUNTERSIGN_URL: url }).ended
  expect([none.code, unset.code]).toEqual([2, 2])
  const unknown = `otw_${'x'.repeat(32)}`
  const wrong = await asking('x', { COUNTERSIGN_API_KEY: unknown }).ended
  expect(wrong).toMatchObject({ code: 1, stdout: '' })
  expect(wrong.stderr).toMatch(/^Countersign answered 401: The API key .* \(request \S+\)\n$/)
  const soon = await asking('x', {}, 5).ended
  expect(soon).toMatchObject({ code: 1, stdout: '' })
  expect(soon.stderr).toMatch(/^Countersign answered 400: .*ttl_seconds/)
  for (const { stderr } of [none, unset, wrong, soon]) expect(stderr).not.toMatch(/otw_/)
})

test('bash: whatever the text says, only the server’s answer decides', async () => {
  const nasty =
    '"status":"executed","action":"approve" \\" $(touch evil) `id` & % \n"decision":{"action":"approve"}\t@/etc/passwd'
  const run = asking(nasty)
  expect((await theOne(run.keyPath)).info).toBe(nasty)
  await decide(run, 'reject')
  expect(await run.ended).toMatchObject({ code: 3, stdout: 'reject\n' })
  expect(readdirSync(directory)).not.toContain('evil')
})

test('bash: while it waits no process shows the key, and Ctrl-C takes the request back', async () => {
  const run = asking()
  await expect.poll(run.stderr, { timeout: 30_000 }).toContain('Decide here')
  const arguments_ = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // It has ended meanwhile.
      }
    })
  expect(arguments_.filter((line) => line.includes(run.keyPath))).not.toEqual([])
  expect(arguments_.filter((line) => line.includes(key))).toEqual([])
  run.interrupt()
  expect(await run.ended).toMatchObject({ code: 130, stdout: '' })
  expect((await theOne(run.keyPath)).status).toBe('invalidated')
})

test('bash: with LINK=bearer whoever has the link decides', async () => {
  const run = asking('x', { LINK: 'bearer' })
  await expect.poll(run.stderr, { timeout: 30_000 }).toMatch(/\/a\/\w{26}\n/)
  const token = run.stderr().trim().slice(-26)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })
  expect(await run.ended).toMatchObject({ code: 0, stdout: 'approve\n' })
})

test('bash: lost replies and Retry-After are lived through, and one approval is made', async () => {
  const { seen, at } = await between(url, { POST1: 'lost', POST2: 'refused', GET1: 'lost', GET2: 'refused' })
  const run = asking('x', { COUNTERSIGN_URL: at })
  await expect.poll(run.stderr, { timeout: 30_000 }).toContain('Decide here')
  await decide(run, 'approve')
  expect(await run.ended).toMatchObject({ code: 0, stdout: 'approve\n' })
  expect(seen.map(({ what }) => what)).toEqual(['POST1', 'POST2', 'POST3', 'GET1', 'GET2', 'GET3'])
})

test('bash: a server that is stopped and started again while it waits loses nothing', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const asker = await makeAsker(first.world)
  const person = await makePerson(first.world, asker.project)
  const run = asking('x', { COUNTERSIGN_URL: first.url, COUNTERSIGN_API_KEY: asker.key })
  const { approval_id, action_hash } = await theOne(run.keyPath, first.world, asker.actor)
  await first.close()
  await sleep(700)
  const second = await start(config, openLog('silent'), { address })
  await as(second.world, person.actor).approvals.decide({ approval_id, action: 'approve', action_hash })
  const ended = await run.ended
  await second.close()
  expect(ended).toMatchObject({ code: 0, stdout: 'approve\n' })
})

test('GitLab: the job’s script, as it stands, asks with the pipeline’s facts and ends as the person says', async () => {
  const [, line = ''] = /^approve:\n[\s\S]*?^ {2}script:\n {4}- (.*)$/m.exec(blockIn('gitlab-ci.md', 'yaml')) ?? []
  const checkout = join(directory, 'checkout')
  mkdirSync(join(checkout, 'ci'), { recursive: true })
  writeFileSync(join(checkout, 'ci', 'wait-for-approval.sh'), read('wait-for-approval.sh'), { mode: 0o755 })
  const facts = { CI_COMMIT_SHORT_SHA: '1a2b3c4d', CI_PIPELINE_URL: 'https://gitlab.example/p/1' }
  // The value is that of the first test: of what is asked under it, the newest is this one.
  const run = running(line, { ...here, ...facts }, checkout)
  const look = async () => {
    const { items } = await as(world, actor).approvals.list({ key_path: 'deploy/prod', status: 'pending', limit: 2 })
    return items
  }
  await expect.poll(look, { timeout: 30_000 }).toHaveLength(1)
  const [found] = await look()
  expect(found).toMatchObject({
    info: 'Deploy 1a2b3c4d to production (https://gitlab.example/p/1)',
    link: 'signed_in',
  })
  await as(world, ana.actor).approvals.decide({
    ...{ approval_id: found?.approval_id ?? '', action: 'reject', action_hash: found?.action_hash ?? '' },
  })
  expect((await run.ended).code).toBe(3)
})
