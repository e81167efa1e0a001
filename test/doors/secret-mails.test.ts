import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { mailRead, type Noticed, warnSoon } from '../../server/secrets/notices.ts'
import { as, asVisitor } from '../as.ts'
import { asker } from '../http.ts'
import { toldOf } from '../invited.ts'
import { mailbox, type Received } from '../mailbox.ts'
import { makeKey, makeProject } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { serve, worldAt } from '../serve.ts'
import { until } from '../until.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url })
const second = await worldAt(world.address, { SMTP_URL: box.url, PUBLIC_URL: url })
const { sql } = world.db
const ask = asker(url)
const project = await makeProject(world, 'shop')
const { key, actor } = await makeKey(world, project, 'write', { name: 'ci' })
const caller = as(world, actor)

const [canary, memo, phrase] = ['CANARY-7f3a', 'MEMO-19c2', 'PHRASE-e5d0']
const hour = 3600
const me = 'maker@example.com'

const stored = async () => (await sql`select from secrets`).length
const queued = async () => (await sql`select from graphile_worker.jobs`).length

/** The mails that these steps make; waits until none is under way any more. */
async function mailsOf(steps: () => Promise<unknown>, atLeast = 0): Promise<Received[]> {
  const before = box.mails.length
  await steps()
  await box.arrived(before + atLeast)
  await until(async () => (await queued()) === 0)
  return box.mails.slice(before)
}

const subjects = (mails: Received[]) => mails.map((mail) => mail.header('subject')).sort()

/** What a notice must not hold: the secret, or what opens it or its receipt, or any link but the instance's own. */
function mustBeBare(mail: Received, kept: readonly (string | null | undefined)[]): void {
  for (const part of [mail.raw, mail.text, mail.html])
    for (const one of [canary, phrase, ...kept]) if (one) expect(part).not.toContain(one)
  expect(mail.links).toEqual({ text: [url], html: [] })
}

type Wish = Parameters<typeof caller.secrets.share>[0]

async function made(wish: Partial<Wish> = {}) {
  const secret = await caller.secrets.share({ secret: canary, memo, notify: me, ttl: hour, ...wish })
  const [row] = await sql<
    { id: string }[]
  >`select id from secrets where project_id = ${project.id} order by id desc limit 1`
  const secretKey = secret.secret_key ?? ''
  return { id: row?.id ?? '', secretKey, kept: [secretKey, secret.metadata_key] }
}

const viewer = { ip: '203.0.113.77', userAgent: 'AGENT-b8e1' }

const read = (secretKey: string, by = world) =>
  as(by, { type: 'visitor' }, viewer).secrets.reveal({ secret_key: secretKey })

describe('the recipient of a secret', () => {
  const share = (body: object, headers = {}) => ask('POST', '/v1/share', { key, body, headers })

  test('is mailed its link, which opens it; neither the secret nor its memo nor its passphrase', async () => {
    let reply = await share({})
    const [mail, more] = await mailsOf(async () => {
      reply = await share({ secret: canary, memo, passphrase: phrase, recipient: ' Bo@Example.com ', ttl: hour })
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

describe('whoever made a secret and wants to be told', () => {
  test('is mailed once when it is read and once when others come too late, whoever races', async () => {
    const { id, secretKey, kept } = await made({ recipient: 'bo@example.com' })
    await until(async () => (await queued()) === 0) // the recipient's own
    const mails = await mailsOf(async () => {
      const readers = Array.from({ length: 8 }, (_, n) => read(secretKey, n % 2 ? world : second))
      const read8 = await Promise.allSettled(readers)
      expect(read8.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    }, 2)
    expect(subjects(mails)).toEqual([
      `Somebody came for your secret after it was read: ${memo}`,
      `Your secret was read: ${memo}`,
    ])
    for (const mail of mails) {
      expect(mail.to).toEqual([me])
      mustBeBare(mail, [...kept, viewer.ip, viewer.userAgent])
      for (const known of [id, memo, 'b***@', 'shop']) expect(mail.text).toContain(known)
    }
    expect(await toldOf(world, project, 'secret.contested')).toHaveLength(1)
    expect(await mailsOf(() => codeOf(read(secretKey)))).toEqual([])
  })

  test('would be mailed several times if the notice were not in the commit of the claim (control)', async () => {
    const { id } = await made()
    const mails = await mailsOf(async () => {
      const careless = async () => {
        const [row] = await sql<Noticed[]>`
          select id, project_id, notify, memo, recipient from secrets where id = ${id} and state = 'new'`
        return async () => row && mailRead(sql, systemCtx(world, 'test'), row, new Date())
      }
      const looked = await Promise.all(Array.from({ length: 8 }, careless))
      await Promise.all(looked.map((tell) => tell()))
    }, 8)
    expect(mails).toHaveLength(8)
  })

  test('is told in the commit of the claim: what cannot be told was not read', async () => {
    const { id, secretKey } = await made()
    const [kept] = await sql<{ notify: Uint8Array }[]>`select notify from secrets where id = ${id}`
    if (!kept) throw new Error('The secret is not there.')
    const broken = await mailsOf(async () => {
      await sql`update secrets set notify = ${Buffer.alloc(60)} where id = ${id}`
      await expect(read(secretKey)).rejects.toThrow()
      expect(await sql`select from events where name = 'secret.received' and target = ${`secret:${id}`}`).toHaveLength(
        0,
      )
    })
    expect(broken).toEqual([])
    await sql`update secrets set notify = ${kept.notify} where id = ${id}`
    const mails = await mailsOf(async () => expect(await read(secretKey)).toMatchObject({ value: canary }), 1)
    expect(subjects(mails)).toEqual([`Your secret was read: ${memo}`])
  })

  test('is told nothing where mail was turned off since, and it is read all the same', async () => {
    const { secretKey } = await made()
    const silent = await worldAt(world.address)
    expect(await mailsOf(async () => expect(await read(secretKey, silent)).toMatchObject({ value: canary }))).toEqual(
      [],
    )
  })

  test('is told nothing of one that they burned, nor of one that they did not want to be told of', async () => {
    const { kept } = await made()
    const silent = await made({ notify: undefined })
    const mails = await mailsOf(async () => {
      await caller.secrets.burn({ metadata_key: kept[1] ?? '' })
      await read(silent.secretKey)
      await codeOf(read(silent.secretKey))
    })
    expect(mails).toEqual([])
  })

  test('is mailed once when it expires unread', async () => {
    const { id, kept } = await made({ passphrase: phrase })
    const mails = await mailsOf(
      () => sql`update secrets set expires_at = now() - interval '1 second' where id = ${id}`,
      1,
    )
    expect(subjects(mails)).toEqual([`Nobody read your secret in time: ${memo}`])
    for (const mail of mails) mustBeBare(mail, kept)
    expect(await toldOf(world, project, 'secret.expired')).toEqual([{ secret_id: id }])
  })

  test('is warned once over all nodes, a day before: of what was made for two days, and waits', async () => {
    const days = (n: number) => n * 24 * hour
    const soon = await made({ ttl: days(2), memo: 'soon' })
    const others = {
      short: await made({ ttl: days(2) - 1, memo: 'short' }),
      read: await made({ ttl: days(2), memo: 'read' }),
      silent: await made({ ttl: days(2), memo: 'silent', notify: undefined }),
      later: await made({ ttl: days(2), memo: 'later' }),
    }
    await sql`update secrets set state = 'received' where id = ${others.read.id}`
    const round = () => Promise.all([world, second, world, second].map((node) => warnSoon(systemCtx(node, 'sweeper'))))
    expect(await mailsOf(round)).toEqual([])
    await sql`
      update secrets set expires_at = now() + interval '23 hours 59 minutes'
      where project_id = ${project.id} and id <> ${others.later.id} and memo in ('soon', 'short', 'read', 'silent')`
    const mails = await mailsOf(async () => {
      await round()
      await round()
    }, 1)
    expect(subjects(mails)).toEqual(['Nobody has read your secret yet: soon'])
    for (const mail of mails) mustBeBare(mail, soon.kept)
    expect(await sql`select memo from secrets where warned_at is not null`).toEqual([{ memo: 'soon' }])
  })
})

test('whoever asked for a secret is mailed once that it is there, without the answer and without a link', async () => {
  const asked = await caller.asks.create({ title: 'The token of shop', notify: me })
  const token = asked.url.slice(-26)
  const mails = await mailsOf(async () => {
    const answers = Array.from({ length: 4 }, (_, n) =>
      asVisitor(n % 2 ? world : second).asks.answer({ token, secret: canary }),
    )
    const settled = await Promise.allSettled(answers)
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  }, 1)
  expect(subjects(mails)).toEqual(['Answered: The token of shop'])
  for (const mail of mails) {
    expect(mail.to).toEqual([me])
    mustBeBare(mail, [token, asked.answer_key])
  }
  expect(await asVisitor(world).secrets.reveal({ secret_key: asked.answer_key })).toMatchObject({ value: canary })
})
