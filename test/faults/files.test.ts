import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mostSealedFileBytes } from '../../shared/contract/secret.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { fourNodes } from './nodes.ts'

const { world, urls, pids } = await fourNodes()
const url = urls[0] ?? ''
const uploads = 40
const megabyte = 1024 * 1024

test.runIf(process.platform === 'linux')(
  '40 files of the largest size, all but their last byte sent, are not in the memory of the server that takes them',
  async () => {
    const { key } = await makeAsker(world)
    const ask = asker(url)
    const file = Buffer.alloc(mostSealedFileBytes, 7)
    /** What the process holds of real memory, in bytes. */
    const resident = () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pids[0]}/status`, 'utf8'))?.[1]) * 1024

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
    const before = resident()
    const ends = await Promise.all(Array.from({ length: uploads }, begin))
    const whole = Math.floor((file.length - 1) / 65_536)
    const stored = async () =>
      (
        await world.db.sql`
        select count(*)::int as n from secret_parts join secrets s on s.id = secret_id where upload_digest is not null`
      )[0]?.n
    while ((await stored()) < uploads * whole) await sleep(50)
    const held = (resident() - before) / megabyte
    // Their sum is 200 MiB; what is there is garbage that nobody has had to collect yet.
    expect(held).toBeLessThan(120)
    expect(new Set(await Promise.all(ends.map((end) => end())))).toEqual(new Set([204]))
  },
  120_000,
)
