import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeKey(world, await makeProject(world))

const require = createRequire(import.meta.url)

// The client is of 2018 and asks `util` what newer releases of Node have dropped.
const util = require('node:util') as { isUndefined?: (value: unknown) => boolean }
util.isUndefined ??= (value) => value === undefined

type Options = { passphrase?: string; ttl?: number; recipient?: string }
type Made = Record<string, unknown> & { secret_key: string; metadata_key: string; share_link: string }

/** What its own types say; its `main` names a file that is not JavaScript, so it is loaded by its index. */
type Client = {
  status(): Promise<boolean>
  share(secret: string, options?: Options): Promise<Made>
  generate(options?: Options): Promise<Made & { value: string }>
  retrieveSecret(secretKey: string, options?: Options): Promise<{ secret_key: string; value: string }>
  retrieveMetadata(metadataKey: string): Promise<Record<string, unknown>>
  burn(metadataKey: string): Promise<Record<string, unknown>>
  recentMetadata(): Promise<Record<string, unknown>[]>
}

const { default: Api } = require('onetimesecret-api/index.js') as {
  default: new (user: string, password: string, options: { url: string }) => Client
}

const client = new Api('ana@example.com', key, { url })

describe('the npm client onetimesecret-api, as it is published, with our host', () => {
  test('asks for the status', async () => {
    expect(await client.status()).toBe(true)
  })
  test('shares, looks at the metadata, and retrieves once', async () => {
    const made = await client.share('päss & wörd = 100% 🔑', { ttl: 600 })
    expect(made).toMatchObject({ custid: 'ana@example.com', ttl: 600, state: 'new', passphrase_required: false })
    expect(made.share_link).toBe(`${url}/secret/${made.secret_key}`)
    expect(await client.retrieveMetadata(made.metadata_key)).toMatchObject({
      state: 'viewed',
      secret_key: made.secret_key,
    })
    expect(await client.retrieveSecret(made.secret_key)).toEqual({
      secret_key: made.secret_key,
      value: 'päss & wörd = 100% 🔑',
    })
    await expect(client.retrieveSecret(made.secret_key)).rejects.toThrow('Unknown secret')
    expect(await client.retrieveMetadata(made.metadata_key)).toMatchObject({
      state: 'received',
      received: expect.any(Number),
    })
  })
  test('shares with a passphrase: a wrong one uses nothing up', async () => {
    const made = await client.share('x', { passphrase: 'open sesame' })
    expect(made.passphrase_required).toBe(true)
    for (const options of [{}, { passphrase: 'close sesame' }])
      await expect(client.retrieveSecret(made.secret_key, options)).rejects.toThrow('Unknown secret')
    const read = await client.retrieveSecret(made.secret_key, { passphrase: 'open sesame' })
    expect(read.value).toBe('x')
  })
  test('generates', async () => {
    const made = await client.generate({ ttl: 120 })
    expect(made.value).toMatch(/^[0-9A-Za-z]{12}$/)
    expect((await client.retrieveSecret(made.secret_key)).value).toBe(made.value)
  })
  test('generates without any option, which sends no body at all', async () => {
    expect((await client.generate()).value).toHaveLength(12)
  })
  test('burns, after which nobody reads it', async () => {
    const made = await client.share('x')
    expect(await client.burn(made.metadata_key)).toMatchObject({ state: 'burned', status: 'burned' })
    await expect(client.retrieveSecret(made.secret_key)).rejects.toThrow('Unknown secret')
  })
  test('lists what was made of late, newest first', async () => {
    const made = await client.share('x')
    const [newest] = await client.recentMetadata()
    expect(newest).toMatchObject({ metadata_key: made.metadata_key, secret_key: null, state: 'new' })
  })
  test('reads from a refusal what is wrong', async () => {
    await expect(client.retrieveMetadata('a'.repeat(31))).rejects.toThrow('Metadata not found')
    await expect(client.share('x', { recipient: 'nobody' })).rejects.toThrow('e-mail address')
    await expect(client.share('x'.repeat(10_001))).rejects.toThrow('10000 bytes')
    const stranger = new Api('ana@example.com', 'ck_live_nope', { url })
    await expect(stranger.recentMetadata()).rejects.toThrow('The API key is malformed or does not exist.')
  })
})
