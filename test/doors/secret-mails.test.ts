import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { mailbox } from '../mailbox.ts'
import { mailsOf as mailsIn } from '../mailed.ts'
import { makeKey, makeProject } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { serve, worldAt } from '../serve.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url })
const mailsOf = mailsIn(box, world)
const ask = asker(url)
const project = await makeProject(world, 'shop')
const { key, actor } = await makeKey(world, project, 'write', { name: 'ci' })

const [canary, memo, phrase] = ['CANARY-7f3a', 'MEMO-19c2', 'PHRASE-e5d0']
const me = 'maker@example.com'

const stored = async () => (await world.db.sql`select from secrets`).length

describe('the recipient of a secret', () => {
  const share = (body: object, headers = {}) => ask('POST', '/v1/share', { key, body, headers })

  test('is mailed its link, which opens it; neither the secret nor its memo nor its passphrase', async () => {
    let reply = await share({})
    const [mail, more] = await mailsOf(async () => {
      reply = await share({ secret: canary, memo, passphrase: phrase, recipient: ' Bo@Example.com ', ttl: 3600 })
    }, 1)
    expect(reply).toMatchObject({ status: 200, body: { recipient: ['b***@example.com'] } })
    const { secret_key, metadata_key } = reply.body
    const link = `${url}/s/${secret_key}`
    expect(more).toBeUndefined()
    expect(mail?.to).toEqual(['bo@example.com'])
    expect(mail?.header('subject')).toBe('ci shares a secret with you')
    expect(mail?.links).toEqual({ text: [link, url], html: [link, link] })
    expect(mail?.text).toContain('in the project shop')
    expect(mail?.text).toContain('passphrase')
    expect(mail?.text).toContain('It works until')
    for (const part of [mail?.raw, mail?.text, mail?.html])
      for (const one of [canary, memo, phrase, String(metadata_key)]) expect(part).not.toContain(one)
    const opened = await ask('POST', `/v1/secret/${link.slice(-31)}`, { key, body: { passphrase: phrase } })
    expect(opened).toMatchObject({ status: 200, body: { value: canary } })
  })

  test('is told of a passphrase only where there is one', async () => {
    const [mail] = await mailsOf(() => share({ secret: canary, recipient: 'bo@example.com' }), 1)
    expect(mail?.text).not.toContain('passphrase')
  })

  test('gets one mail from a request that is sent twice with the same Idempotency-Key', async () => {
    const body = { secret: canary, recipient: 'bo@example.com' }
    const mails = await mailsOf(async () => {
      const replies = [
        await share(body, { 'idempotency-key': 'same-key' }),
        await share(body, { 'idempotency-key': 'same-key' }),
      ]
      expect(replies[1]?.body).toEqual(replies[0]?.body)
    }, 1)
    expect(mails).toHaveLength(1)
  })
})

describe('nothing is stored and nobody is mailed', () => {
  const nobody = async (steps: () => Promise<unknown>) => {
    const before = await stored()
    expect(await mailsOf(steps)).toEqual([])
    expect(await stored()).toBe(before)
  }

  const hostile = [
    'a@example.com,b@example.com',
    'a@example.com b@example.com',
    'a@example.com;b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\nSubject: x',
    'a@example.com\u0000',
    'a@example.com\u2028Bcc: b@example.com',
    'Ana <a@example.com>',
    '"a b"@example.com',
    'a@example.com%0d%0abcc:b@example.com',
    ['a@example.com', 'b@example.com'],
    { address: 'a@example.com' },
    'a'.repeat(400),
  ]
  test.each(hostile)('where a recipient or who is to be told is not one address: %j', async (address) => {
    await nobody(async () => {
      for (const wish of [{ recipient: address }, { notify: address }]) {
        const reply = await ask('POST', '/v1/share', { key, body: { secret: canary, ...wish } })
        expect(reply.status).toBe(400)
        const given = await ask('POST', '/v1/generate', { key, body: wish })
        expect(given.status).toBe(400)
      }
      const asked = await ask('POST', '/v1/asks', { key, body: { title: 'x', notify: address } })
      expect(asked.status).toBe(400)
    })
  })

  test('where a form or a query names several', async () => {
    await nobody(async () => {
      const form = 'secret=x&recipient=a%40example.com&recipient=b%40example.com'
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await ask('POST', '/v1/share', { key, headers, body: form })).status).toBe(400)
      expect((await ask('POST', `/v1/share?${form}`, { key })).status).toBe(400)
    })
  })

  test('where the secret is refused: too long, or with a recipient whose link would lack its key', async () => {
    const recipient = 'bo@example.com'
    await nobody(async () => {
      const tooLong = await ask('POST', '/v1/share', { key, body: { secret: 'x'.repeat(10_001), recipient } })
      expect(tooLong.status).toBe(400)
      const half = await ask('POST', '/v1/share', { key, body: { secret: 'x.y', encrypted_by: 'browser', recipient } })
      expect(half).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
      const { key: reader } = await makeKey(world, project, 'read')
      expect((await ask('POST', '/v1/share', { key: reader, body: { secret: 'x', recipient } })).status).toBe(403)
    })
  })

  test('where no mail can be sent at all: that is refused', async () => {
    const silent = as(await worldAt(world.address), actor)
    await nobody(async () => {
      for (const wish of [{ recipient: me }, { notify: me }])
        expect(await codeOf(silent.secrets.share({ secret: canary, ...wish }))).toBe('MAIL_OFF')
      expect(await codeOf(silent.asks.create({ title: 'x', notify: me }))).toBe('MAIL_OFF')
    })
  })
})
