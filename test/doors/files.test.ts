import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fileDigest } from '../../server/secrets/attachment.ts'
import { mostSealedFileBytes } from '../../shared/contract/secret.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const ask = asker(url)
const { sql } = world.db
const octets = { 'content-type': 'application/octet-stream' }

/** A secret whose file of so many bytes is awaited. */
async function announce(bytes: number) {
  const wish = { secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: bytes }
  const { status, body } = await ask('POST', '/v1/share', { key, body: wish })
  expect(status).toBe(200)
  const upload = String(body.upload)
  const [row] = await sql<{ id: string }[]>`
    select id from secrets where upload_digest = ${fileDigest(world, 'upload', upload)}`
  return { link: String(body.secret_key), upload, id: row?.id ?? '' }
}

const put = (upload: string, body: Uint8Array | string, headers: Record<string, string> = octets) =>
  ask('PUT', `/v1/link/uploads/${upload}`, { body, headers })

const partsOf = async (id: string) =>
  (await sql`select count(*)::int as n from secret_parts where secret_id = ${id}`)[0]?.n

/** Reads the secret by its link: the file's ticket, or with which status it was refused. */
async function reveal(link: string) {
  const { status, body } = await ask('POST', `/v1/link/secrets/${link}/reveal`)
  return { status, file: body.file as { ticket: string; bytes: number } | undefined }
}

/** What a ticket fetches. */
async function fetched(ticket: string) {
  const reply = await fetch(`${url}/v1/link/files/${ticket}`, { method: 'POST' })
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) }
}

/** Sends an upload by hand: what `send` does with the open request, and what came back, if anything did. */
const byHand = (
  upload: string,
  headers: Record<string, string>,
  send: (sent: ReturnType<typeof request>) => Promise<unknown>,
) =>
  new Promise<number | 'cut'>((resolve) => {
    const { hostname, port } = new URL(url)
    const path = `/v1/link/uploads/${upload}`
    const sent = request({ hostname, port, method: 'PUT', path, headers: { ...octets, ...headers } }, (reply) => {
      reply.resume()
      resolve(reply.statusCode ?? 0)
    })
    sent.on('error', () => resolve('cut'))
    void send(sent)
  })

describe('a file', () => {
  test('of the largest size comes back to the byte, as often as it is asked for', async () => {
    const file = randomBytes(mostSealedFileBytes)
    const { link, upload, id } = await announce(file.length)
    expect((await put(upload, file)).status).toBe(204)
    const { file: told } = await reveal(link)
    expect(told?.bytes).toBe(file.length)
    for (let time = 0; time < 2; time++) {
      const { status, headers, bytes } = await fetched(told?.ticket ?? '')
      expect([status, headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
      expect(headers.get('content-length')).toBe(String(file.length))
      expect(bytes.equals(file)).toBe(true)
    }
    const names = await sql`select name from events where target = ${`secret:${id}`} order by seq`
    expect(names.map(({ name }) => name)).toEqual([
      ...['secret.created', 'secret.file_stored', 'secret.received', 'secret.file_read', 'secret.file_read'],
    ])
  })

  test.each([1, 65_535, 65_536, 65_537, 131_072])('of %i bytes comes back to the byte', async (size) => {
    const file = randomBytes(size)
    const { link, upload } = await announce(size)
    expect((await put(upload, file)).status).toBe(204)
    expect((await fetched((await reveal(link)).file?.ticket ?? '')).bytes.equals(file)).toBe(true)
  })

  test('is not in the database as it was sent', async () => {
    const file = Buffer.alloc(70_000, 'canary of a file ')
    const { upload, id } = await announce(file.length)
    await put(upload, file)
    const parts = await sql<{ bytes: Buffer }[]>`select bytes from secret_parts where secret_id = ${id}`
    expect(parts).toHaveLength(2)
    for (const { bytes } of parts) expect(bytes.includes('canary')).toBe(false)
  })

  test('is not fetched by another ticket, nor once its ten minutes are over', async () => {
    const { link, upload, id } = await announce(3)
    await put(upload, 'abc')
    const ticket = (await reveal(link)).file?.ticket ?? ''
    expect((await fetched('0'.repeat(26))).status).toBe(404)
    expect((await fetched(ticket)).bytes.toString()).toBe('abc')
    await sql`update secrets set ticket_until = now() - interval '1 ms' where id = ${id}`
    expect((await fetched(ticket)).status).toBe(404)
  })

  test('that lost a piece ends the connection before its last byte, and never looks whole', async () => {
    const { link, upload, id } = await announce(200_000)
    await put(upload, randomBytes(200_000))
    const ticket = (await reveal(link)).file?.ticket ?? ''
    await sql`delete from secret_parts where secret_id = ${id} and part = 2`
    await expect(fetched(ticket)).rejects.toThrow()
  })
})

describe('an upload', () => {
  test('keeps its secret from being read until it is complete', async () => {
    const { link, upload } = await announce(5)
    expect((await reveal(link)).status).toBe(404)
    expect((await put(upload, 'abcde')).status).toBe(204)
    expect((await reveal(link)).status).toBe(200)
  })

  test('of one byte more than can be is refused with the limit in its sentence, announced or not', async () => {
    const { link, upload, id } = await announce(mostSealedFileBytes)
    const tooMuch = randomBytes(mostSealedFileBytes + 1)
    const refused = await put(upload, tooMuch)
    expect([refused.status, refused.body.code]).toEqual([413, 'BODY_TOO_LARGE'])
    expect(refused.body.error).toContain(`${mostSealedFileBytes} bytes`)
    expect(await byHand(upload, {}, async (sent) => sent.end(tooMuch))).not.toBe(204)
    expect(await partsOf(id)).toBe(0)
    expect((await reveal(link)).status).toBe(404)
    expect((await put(upload, tooMuch.subarray(1))).status).toBe(204)
  })

  test('of more or fewer bytes than were announced stores nothing, and can be sent again', async () => {
    const { link, upload, id } = await announce(100_000)
    for (const size of [0, 1, 99_999, 100_001, 300_000]) {
      const { status, body } = await put(upload, randomBytes(size))
      expect([size, status, body.code]).toEqual([size, 400, 'INVALID_INPUT'])
      expect(await partsOf(id)).toBe(0)
    }
    expect((await reveal(link)).status).toBe(404)
    expect((await put(upload, randomBytes(100_000))).status).toBe(204)
    expect((await reveal(link)).status).toBe(200)
  })

  test('that is cut in the middle leaves nothing, and can be sent again', async () => {
    const file = randomBytes(1_000_000)
    const { link, upload, id } = await announce(file.length)
    const cut = byHand(upload, { 'content-length': String(file.length) }, async (sent) => {
      sent.write(file.subarray(0, 700_000))
      // Some of it is stored by then.
      await expect.poll(() => partsOf(id)).toBeGreaterThan(3)
      sent.destroy()
    })
    expect(await cut).toBe('cut')
    await expect.poll(() => partsOf(id)).toBe(0)
    expect((await reveal(link)).status).toBe(404)
    expect((await put(upload, file)).status).toBe(204)
    expect((await fetched((await reveal(link)).file?.ticket ?? '')).bytes.equals(file)).toBe(true)
  })

  test('takes bytes only', async () => {
    const { upload } = await announce(3)
    for (const type of ['application/json', 'text/plain', 'multipart/form-data', '']) {
      const { status, body } = await put(upload, 'abc', type === '' ? {} : { 'content-type': type })
      expect([type, status, body.code]).toEqual([type, 415, 'UNSUPPORTED_MEDIA_TYPE'])
      expect(body.error).toContain('application/octet-stream')
    }
    expect((await put(upload, 'abc', { 'content-type': 'Application/Octet-Stream; x=y' })).status).toBe(204)
  })

  test('is not taken twice, nor for a link that nobody made, nor once its secret is burned or expired', async () => {
    const done = await announce(3)
    expect((await put(done.upload, 'abc')).status).toBe(204)
    const burned = await announce(3)
    await sql`update secrets set state = 'burned' where id = ${burned.id}`
    const expired = await announce(3)
    await sql`update secrets set expires_at = now() where id = ${expired.id}`
    for (const upload of [done.upload, burned.upload, expired.upload, 'Z'.repeat(26)])
      expect((await put(upload, 'xyz')).status).toBe(404)
    expect((await fetched((await reveal(done.link)).file?.ticket ?? '')).bytes.toString()).toBe('abc')
  })

  test('is no operation of the pages’ door, and no foreign page sends one', async () => {
    const { upload } = await announce(3)
    const own = { origin: url, 'sec-fetch-site': 'same-origin' }
    expect((await ask('POST', '/trpc/secrets.upload', { body: { upload }, headers: own })).status).toBe(404)
    const foreign = { ...octets, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await put(upload, 'abc', foreign)).status).toBe(403)
  })
})

test('of two uploads at once, mixed piece by piece, one is taken and comes back whole', async () => {
  for (let round = 0; round < 10; round++) {
    const files = [Buffer.alloc(500_000, 1), Buffer.alloc(500_000, 2)]
    const { link, upload, id } = await announce(500_000)
    const statuses = await Promise.all(
      files.map((file) =>
        byHand(upload, { 'content-length': String(file.length) }, async (sent) => {
          for (let at = 0; at < file.length; at += 50_000) {
            sent.write(file.subarray(at, at + 50_000))
            await sleep(1)
          }
          sent.end()
        }),
      ),
    )
    expect(statuses.toSorted()).toEqual([204, 404])
    expect(await sql`select distinct upload from secret_parts where secret_id = ${id}`).toHaveLength(1)
    const { bytes } = await fetched((await reveal(link)).file?.ticket ?? '')
    expect(bytes.equals(files[statuses.indexOf(204)] ?? Buffer.alloc(0))).toBe(true)
  }
})

test.concurrent('an upload that takes longer than any other request may is taken, and holds no connection while it waits', async () => {
  const file = randomBytes(200_000)
  const { link, upload } = await announce(file.length)
  const began = performance.now()
  const busy: number[] = []
  const slow = byHand(upload, { 'content-length': String(file.length) }, async (sent) => {
    for (let at = 0; at < file.length; at += 10_000) {
      sent.write(file.subarray(at, at + 10_000))
      await sleep(900)
      const [row] = await sql<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'`
      busy.push(row?.n ?? 0)
    }
    sent.end()
  })
  expect(await slow).toBe(204)
  expect(performance.now() - began).toBeGreaterThan(16_000)
  // A sweep may be at work at one of the looks.
  expect(busy.filter((n) => n === 0).length).toBeGreaterThan(busy.length / 2)
  expect((await fetched((await reveal(link)).file?.ticket ?? '')).bytes.equals(file)).toBe(true)
}, 60_000)

test.concurrent('an upload of which nothing arrives any more is given up, with nothing stored', async ({ expect }) => {
  const { upload, id } = await announce(200_000)
  const stalled = byHand(upload, { 'content-length': '200000' }, async (sent) => sent.write(randomBytes(100_000)))
  await expect.poll(() => partsOf(id)).toBe(1)
  expect(await stalled).toBe(408)
  await expect.poll(() => partsOf(id)).toBe(0)
}, 60_000)
