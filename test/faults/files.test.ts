import { existsSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mostSealedFileBytes } from '../../shared/contract/secret.ts'
import { temporaryDirectory } from '../built.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { fourNodes } from './nodes.ts'

const seen = join(temporaryDirectory(), 'memory')

/** Loaded before the server: at a signal it collects its garbage, and writes how many bytes are left. */
const looks = `
  import { renameSync, writeFileSync } from 'node:fs'
  import { setFlagsFromString } from 'node:v8'
  import { runInNewContext } from 'node:vm'
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync('${seen}.new', String(heapUsed + external))
    renameSync('${seen}.new', '${seen}')
  })`

const { world, urls, pids } = await fourNodes({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(looks)}`,
})
const url = urls[0] ?? ''
const uploads = 40
const megabyte = 1024 * 1024

/** What the first node holds in its memory, in bytes. */
async function held(): Promise<number> {
  rmSync(seen, { force: true })
  process.kill(pids[0] ?? 0, 'SIGUSR2')
  while (!existsSync(seen)) await sleep(10)
  return Number(readFileSync(seen, 'utf8'))
}

test('40 files of the largest size, all but their last byte sent, are not in the memory of the server that takes them', async () => {
  const { key } = await makeAsker(world)
  const ask = asker(url)
  const file = Buffer.alloc(mostSealedFileBytes, 7)
  /** Begins an upload; what it answers ends it. */
  const begin = async () => {
    const wish = { secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: file.length }
    const { upload } = (await ask('POST', '/v1/share', { key, body: wish })).body
    const { hostname, port } = new URL(url)
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(file.length) }
    const sent = request({ hostname, port, method: 'PUT', path: `/v1/link/uploads/${upload}`, headers })
    const status = new Promise<number>((resolve, reject) => {
      sent.on('response', (reply) => resolve(reply.resume().statusCode ?? 0)).on('error', reject)
    })
    sent.write(file.subarray(1))
    return () => {
      sent.end(file.subarray(0, 1))
      return status
    }
  }
  await (await begin())()
  const before = await held()
  const ends = await Promise.all(Array.from({ length: uploads }, begin))
  const whole = Math.floor((file.length - 1) / 65_536)
  const stored = async () =>
    (
      await world.db.sql`
        select count(*)::int as n from secret_parts join secrets s on s.id = secret_id where upload_digest is not null`
    )[0]?.n
  while ((await stored()) < uploads * whole) await sleep(50)
  const more = ((await held()) - before) / megabyte
  // Their sum is 200 MiB; of each some pieces of 64 KiB may be on their way.
  expect(more).toBeLessThan(60)
  expect(new Set(await Promise.all(ends.map((end) => end())))).toEqual(new Set([204]))
}, 120_000)
