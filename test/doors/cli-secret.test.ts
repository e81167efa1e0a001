import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { as } from '../as.ts'
import { build, temporaryDirectory } from '../built.ts'
import { command, type Here, piped } from '../cli.ts'
import { makeAsker } from '../make.ts'
import { meddler } from '../meddler.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'

const logged: string[] = []
const log = openLog('trace', { write: (line: string) => void logged.push(line) })
const { url, world } = await serve({}, { log })
const { key, actor } = await makeAsker(world)
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }

beforeAll(() => {
  build()
}, 300_000)

const share = (line: string[], text?: string | Uint8Array, at: Partial<Here> = here) =>
  command(['secret', 'share', ...line], at, text === undefined ? {} : { piped: text }).ended
const get = (line: string[], text?: string, at: Partial<Here> = here) =>
  command(['secret', 'get', ...line], at, text === undefined ? {} : { piped: text }).ended

/** A file with a text in it. */
function fileOf(text: string | Uint8Array): string {
  const path = join(temporaryDirectory(), 'text')
  writeFileSync(path, text)
  return path
}

const stateOf = async (metadata_key: string | null) =>
  (await as(world, actor).secrets.metadata({ metadata_key: metadata_key ?? '' })).state

describe('secret share and secret get', () => {
  test('as processes: what is piped in comes out once, and is seen by nobody else', async () => {
    const secret = 'correct horse battery staple 1'
    const sharing = piped(['secret', 'share', '--ttl', '1h'], { ...here }, `${secret}\n`)
    const words = process.platform === 'linux' ? readFileSync(`/proc/${sharing.child.pid}/cmdline`, 'utf8') : ''
    const shared = await sharing.ended
    expect(shared.code).toBe(0)
    const link = shared.stdout.trim()
    expect(link).toMatch(new RegExp(`^${url}/s/[0-9a-z]{31}$`))
    expect(shared.stderr).toMatch(
      new RegExp(`It can be read once, until .*Z\\.\nWhat became of it: ${url}/r/[0-9a-z]{31}\n`),
    )

    const got = await piped(['secret', 'get', '-'], { ...here }, link).ended
    expect(got).toEqual({ code: 0, stdout: `${secret}\n`, stderr: '' })
    const again = await get([link])
    expect(again).toMatchObject({ code: 5, stdout: '' })
    expect(again.stderr).toMatch(/^It was received at /)
    for (const seen of [words, shared.stdout, shared.stderr, logged.join('')]) expect(seen).not.toContain(secret)
    expect(logged.join('')).not.toContain(link.slice(-31))
  })

  test('text comes back to the letter but for the line break at its end; what is no text is refused', async () => {
    for (const [sent, kept] of [
      ['one\r\ntwo\n', 'one\r\ntwo'],
      ['\ufeff“ü” \n\n', '\ufeff“ü” \n'],
      [' ', ' '],
    ] as const) {
      const { stdout } = await share(['--json'], sent)
      const { url: link } = JSON.parse(stdout)
      expect(JSON.parse((await get([link, '--json'])).stdout)).toEqual({ value: kept })
    }
    const fromFile = await share(['--file', fileOf('in a file\n')])
    expect((await get([fromFile.stdout])).stdout).toBe('in a file\n')
    expect(await share([], new Uint8Array([0xff, 0xfe]))).toMatchObject({ code: 1, stdout: '' })
    expect(await share([], 'x'.repeat(70_000))).toMatchObject({ code: 1, stdout: '' })
    expect(await share([], 'x'.repeat(10_001))).toMatchObject({ code: 1, stdout: '' })
    for (const empty of ['', '\n']) expect(await share([], empty)).toMatchObject({ code: 2, stdout: '' })
    expect(await share(['--file', join(temporaryDirectory(), 'none')])).toMatchObject({ code: 1, stdout: '' })
  })

  test('a secret or a passphrase among the words is refused before anything is sent', async () => {
    const before = (await as(world, actor).secrets.recent({})).length
    for (const line of [['hunter2'], ['--secret', 'hunter2'], ['--passphrase', 'hunter2'], ['--ttl', '59s']])
      expect(await share(line, 'x'), line.join(' ')).toMatchObject({ code: 2, stdout: '' })
    expect(await share([], 'x', {})).toMatchObject({ code: 2, stdout: '' })
    expect(await get([], 'x')).toMatchObject({ code: 2 })
    expect((await as(world, actor).secrets.recent({})).length).toBe(before)
  })

  test('typed unseen where somebody types: nothing of it is drawn, and ^C is 130', async () => {
    const sat = { watched: true, typed: true }
    const typing = command(['secret', 'share', '--passphrase'], here, sat)
    await expect.poll(typing.drawn).toBe('Secret: ')
    typing.type('typed secret\r')
    await expect.poll(typing.drawn).toBe('Secret: \nPassphrase: ')
    typing.type('pass\r')
    await expect.poll(typing.drawn).toContain('Once more: ')
    typing.type('pass\r')
    const { code, stdout, stderr } = await typing.ended
    expect(code).toBe(0)
    expect(typing.drawn() + stdout + stderr).not.toMatch(/typed secret|pass\b/)

    const reading = command(['secret', 'get', stdout.trim(), '--reveal'], here, { ...sat, shown: true })
    await expect.poll(reading.drawn).toBe('Passphrase: ')
    reading.type('pass\r')
    expect(await reading.ended).toMatchObject({ code: 0, stdout: 'typed secret\n' })

    const leaving = command(['secret', 'share'], here, sat)
    await expect.poll(leaving.drawn).toBe('Secret: ')
    leaving.type('half\u0003')
    expect(await leaving.ended).toEqual({ code: 130, stdout: '', stderr: '' })
    // Somebody types, but sees no prompt.
    expect(await command(['secret', 'share'], here, { typed: true }).ended).toMatchObject({ code: 2 })
  })

  test('a terminal is refused the secret without --reveal, which does not use it up', async () => {
    const { secret_key, metadata_key } = await shareSecret(world, actor)
    const shown = await command(['secret', 'get', secret_key], here, { shown: true }).ended
    expect(shown).toMatchObject({ code: 2, stdout: '' })
    expect(await stateOf(metadata_key)).toMatch(/new|viewed/)
    expect(await get([secret_key])).toMatchObject({ code: 0, stdout: 'the text\n' })
  })

  test('a passphrase comes from a file or from stdin; a missing or a wrong one uses nothing up', async () => {
    const { stdout } = await share(['--passphrase-file', fileOf('open sesame\n')], 'the text')
    const link = stdout.trim()
    expect(await get([link])).toMatchObject({ code: 2, stdout: '' })
    const wrong = await get([link], 'open barley')
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toMatch(/\(request \S+\)\n$/)
    expect(await get([link], 'open sesame\n')).toMatchObject({ code: 0, stdout: 'the text\n' })
    const other = (await share(['--passphrase-file', fileOf('again')], 'other')).stdout.trim()
    expect(await get(['-', '--passphrase-file', fileOf('again')], other)).toMatchObject({ stdout: 'other\n' })
    expect(await share(['--passphrase-file', fileOf('\n')], 'x')).toMatchObject({ code: 2 })
    expect(await share(['--passphrase'], 'x')).toMatchObject({ code: 2 })
  })

  test('what cannot be read is 4 when it expired, 5 when it was burned, else 1 or 2', async () => {
    const [expired, burned] = [await shareSecret(world, actor), await shareSecret(world, actor)]
    await world.db.sql`update secrets set expires_at = now() - interval '1 s' where id = ${expired.id}`
    await burned.burn()
    expect(await get([expired.secret_key])).toMatchObject({ code: 4, stdout: '' })
    expect(await get([burned.secret_key])).toMatchObject({ code: 5, stdout: '' })
    expect(await get(['0'.repeat(31)])).toMatchObject({ code: 1, stdout: '' })
    for (const odd of ['nonsense', `https://other.example/s/${burned.secret_key}`, `${url}/a/${burned.secret_key}`])
      expect(await get([odd]), odd).toMatchObject({ code: 2, stdout: '' })
  })

  test('what a browser encrypted is left for a browser', async () => {
    const made = await shareSecret(world, actor, { secret: 'A'.repeat(64), encrypted_by: 'browser' })
    const { code, stderr } = await get([`${url}/s/${made.secret_key}#key`])
    expect(code).toBe(1)
    expect(stderr).toContain('open its link in one')
    expect(await made.open()).toMatchObject({ status: 'waiting' })
  })

  test('a reply that was lost comes again, whether it is shared or read', async () => {
    const lossy = await meddler(url, { loses: ({ method, nth }) => method === 'POST' && nth % 2 === 1 })
    const at = { ...here, COUNTERSIGN_URL: lossy.url }
    const before = (await as(world, actor).secrets.recent({})).length
    const { stdout } = await share(['--json'], 'kept', at)
    const { secret_key } = JSON.parse(stdout)
    expect((await as(world, actor).secrets.recent({})).length).toBe(before + 1)
    expect(await get([secret_key], undefined, at)).toMatchObject({ code: 0, stdout: 'kept\n' })
    expect(lossy.seen.filter(({ method }) => method === 'POST')).toHaveLength(4)
  })
})
