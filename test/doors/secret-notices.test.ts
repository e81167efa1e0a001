import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { mailRead, type Noticed, warnSoon } from '../../server/secrets/notices.ts'
import { as, asVisitor } from '../as.ts'
import { toldOf } from '../invited.ts'
import { mailbox, type Received } from '../mailbox.ts'
import { mailsOf as mailsIn, sentAll } from '../mailed.ts'
import { makeKey, makeProject } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { serve, worldAt } from '../serve.ts'

const box = await mailbox()
const { url, world } = await serve({ SMTP_URL: box.url })
const second = await worldAt(world.address, { SMTP_URL: box.url, PUBLIC_URL: url })
const { sql } = world.db
const mailsOf = mailsIn(box, world)
const project = await makeProject(world, 'shop')
const { actor } = await makeKey(world, project, 'write', { name: 'ci' })
const caller = as(world, actor)

const [canary, memo, phrase] = ['CANARY-7f3a', 'MEMO-19c2', 'PHRASE-e5d0']
const hour = 3600
const me = 'maker@example.com'

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

describe('whoever made a secret and wants to be told', () => {
  test('is mailed once when it is read and once when others come too late, whoever races', async () => {
    const { id, secretKey, kept } = await made({ recipient: 'bo@example.com' })
    await sentAll(world) // the recipient's own
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
