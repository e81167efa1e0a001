import { describe, expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve({ RATE_LIMITS: '*=1000000/60,passphrase try=5/600' })
const { actor, key } = await makeAsker(world)
const share = (wish: Parameters<typeof shareSecret>[2] = {}) => shareSecret(world, actor, wish)
const authorization = `Basic ${Buffer.from(`me:${key}`).toString('base64')}`

const post = (path: string, { body, ...headers }: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) })

const form = 'application/x-www-form-urlencoded'

describe('over HTTP', () => {
  test('a lost reply comes once more for the same Idempotency-Key, and says so', async () => {
    for (const door of ['reveal', 'retrieve']) {
      const { secret_key } = await share()
      const path = door === 'reveal' ? `/v1/link/secrets/${secret_key}/reveal` : `/v1/secret/${secret_key}`
      const again = { authorization, 'idempotency-key': 'a key of this test' }
      const [first, second] = [await post(path, again), await post(path, again)]
      expect([first.status, second.status]).toEqual([200, 200])
      expect([first, second].map((reply) => reply.headers.get('idempotency-replayed'))).toEqual([null, 'true'])
      expect(await second.text()).toBe(await first.text())
      expect((await post(path, { authorization, 'idempotency-key': 'another key' })).status).toBe(404)
      expect((await post(path, { authorization })).status).toBe(404)
    }
  })
  test('an Idempotency-Key that can be guessed is refused, and uses nothing up', async () => {
    const { secret_key } = await share()
    const path = `/v1/link/secrets/${secret_key}/reveal`
    expect((await post(path, { 'idempotency-key': '1' })).status).toBe(400)
    expect((await post(path)).status).toBe(200)
  })
  test('a passphrase comes in the query, a form or JSON; too many wrong ones answer 429 and when to come back', async () => {
    const { secret_key } = await share({ passphrase: 'open sesame' })
    const path = `/v1/secret/${secret_key}`
    const json = { 'content-type': 'application/json', body: JSON.stringify({ passphrase: 'wrong' }) }
    const wrong = [
      await post(`${path}?passphrase=wrong`, { authorization }),
      await post(path, { authorization, 'content-type': form, body: 'passphrase=wrong' }),
      await post(path, { authorization, ...json }),
      await post(`/v1/link/secrets/${secret_key}/reveal`, json),
    ]
    expect(wrong.map(({ status }) => status)).toEqual([404, 404, 404, 403])
    expect(await wrong[3]?.json()).toMatchObject({ code: 'WRONG_PASSPHRASE', details: { tries_left: 1 } })
    expect(await wrong[0]?.json()).toMatchObject({ code: 'UNKNOWN_SECRET', message: 'Unknown secret' })
    expect((await post(`${path}?passphrase=wrong`, { authorization })).status).toBe(404)
    const locked = await post(`${path}?passphrase=open+sesame`, { authorization })
    expect(locked.status).toBe(429)
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(500)
  })
  test('burning takes a POST without a body, also again; a read one is 404', async () => {
    const one = await share()
    const path = `/v1/private/${one.metadata_key}/burn`
    const burned = await post(path, { authorization })
    expect(await burned.json()).toMatchObject({
      state: 'burned',
      status: 'burned',
      secret_key: null,
      secret_shortkey: one.secret_key.slice(0, 6),
    })
    expect((await post(path, { authorization, 'content-type': form, body: '' })).status).toBe(200)
    const read = await share()
    await read.reveal()
    expect((await post(`/v1/private/${read.metadata_key}/burn`, { authorization })).status).toBe(404)
    const receipt = `/v1/link/receipts/${one.metadata_key}/burn`
    expect((await post(receipt)).status).toBe(204)
  })
})
