import { describe, expect, test } from 'vitest'
import { askPermission, makeAgent } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { type Chat, chats, makeChannels, press } from '../channels.ts'
import { asker } from '../http.ts'
import { mailbox } from '../mailbox.ts'
import { makeApproval } from '../make.ts'
import { serve } from '../serve.ts'
import { services } from '../services.ts'
import { until } from '../until.ts'
import { hurry, inside } from '../webhooks.ts'

const box = await mailbox()
const { world, url } = await serve({ ...inside, SMTP_URL: box.url })
const { sql } = world.db
const there = await services()

describe('every event reaches every kind of channel, in words', async () => {
  const { ana, actor, project, channel } = await makeChannels(world, there)
  const all = await Promise.all(chats.map((chat) => channel(chat)))
  await as(world, ana.actor).channels.create({ kind: 'mail', name: 'Team', address: 'Team@example.com' })

  /** What is said of one key path, on all channels and by mail. */
  const said = async (...words: string[]) => {
    await Promise.all(all.map((one) => one.says(...words)))
    await until(
      async () => box.mails.some(({ header }) => words.every((word) => header('subject')?.includes(word))),
      60_000,
    )
  }
  const ask = (key_path: string, more: Parameters<typeof makeApproval>[2] = {}) =>
    makeApproval(world, actor, { key_path, ...more })

  const happens: Record<string, () => Promise<unknown>> = {
    executed: async () => {
      const made = await ask('a/executed', { info: 'Version 2', value: 'VALUE-81c' })
      await said('Approval needed', 'a/executed')
      await press(world, made.token)
      await said('Decided', 'a/executed')
    },
    'expired by the sweeper': async () => {
      const made = await ask('a/expired')
      await sql`update approvals set expires_at = now() where id = ${made.approval_id}`
      await said('Expired', 'a/expired')
    },
    invalidated: async () => {
      const made = await ask('a/invalidated')
      await as(world, actor).approvals.invalidate({ approval_id: made.approval_id })
      await said('Withdrawn', 'a/invalidated')
    },
    reported: async () => {
      const made = await ask('a/reported')
      const page = asVisitor(world)
      const { csrf_token } = await page.approvals.open({ token: made.token })
      await page.approvals.report({ token: made.token, csrf_token })
      await said('Reported', 'a/reported')
    },
    'PIN failed and locked': async () => {
      const made = await ask('a/locked', { pin: '471102' })
      for (let n = 0; n < 5; n++) await press(world, made.token, { pin: '000000' }).catch(() => undefined)
      await said('Wrong PIN', 'a/locked')
      await said('Locked', 'a/locked')
    },
    'a secret contested': async () => {
      const { secret_key = '' } = await as(world, actor).secrets.share({ secret: 'SECRET-6d1', memo: 'staging-db' })
      for (let n = 0; n < 2; n++)
        await asVisitor(world)
          .secrets.reveal({ secret_key: secret_key ?? '' })
          .catch(() => undefined)
      await said('Read twice', 'staging-db')
    },
    'a permission asked and denied': async () => {
      const agent = await makeAgent(world, project)
      const asked = await askPermission(world, agent.actor, { action: 'refund-create' })
      await said('Permission needed', 'refund-create')
      await as(world, ana.actor).approvals.decide({
        approval_id: asked.id,
        action: 'deny',
        action_hash: asked.action_hash,
      })
      await said('Decided', 'refund-create')
    },
  }
  test.concurrent.each(Object.entries(happens))('%s', async (_, happen) => void (await happen()), 120_000)

  test('and no service refused one, none holds a value, a secret, a PIN or a link, and each leads to the sign-in', async () => {
    expect(there.refusals).toEqual([])
    const rows = await sql<{ id: string }[]>`select id from approvals where project_id = ${project.id}`
    const links = all.flatMap(({ path }) => there.at(path).flatMap((one) => one.links))
    expect(links.length).toBeGreaterThan(40)
    for (const link of links)
      expect(link).toMatch(new RegExp(`^${url}/p/${project.id}(\\?open=|/requests/|/secrets\\?open=)[0-9A-Z]{26}$`))
    const everything = [...there.messages.map(({ raw }) => raw), ...box.mails.map(({ raw }) => raw)].join('\n')
    for (const word of ['VALUE-81c', 'SECRET-6d1', '471102', '/a/', '/s/']) expect(everything).not.toContain(word)
    // A scanner fetches every link there is, as often as it likes.
    const before = await sql`select status, attempts, ended_at from approvals order by id`
    const get = asker(url)
    for (const link of new Set(links))
      for (const method of ['GET', 'HEAD']) {
        const { status } = await get(method, link.slice(url.length), {
          headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' },
        })
        expect(status).toBe(200)
      }
    expect(await sql`select status, attempts, ended_at from approvals order by id`).toEqual(before)
    expect(rows.length).toBeGreaterThan(5)
  })

  test('mails about one approval stand in one thread', async () => {
    const thread = box.mails.filter(({ header }) => header('subject')?.includes('a/executed'))
    expect(thread).toHaveLength(2)
    expect(new Set(thread.map(({ header }) => header('references'))).size).toBe(1)
    for (const mail of thread) {
      expect(mail.to).toEqual(['team@example.com'])
      expect(mail.header('references')).toMatch(/^<approval\.[0-9A-Z]{26}@/)
    }
  })

  test('the outcome takes the place of the first message where the service allows it, and follows it elsewhere', () => {
    const [counts, byChat] = [new Map<Chat, number>(), new Map(chats.map((chat, n) => [chat, all[n]?.path ?? '']))]
    for (const [chat, path] of byChat)
      counts.set(chat, there.at(path).filter(({ text }) => text.includes('executed')).length)
    expect(Object.fromEntries(counts)).toEqual({ slack: 2, mattermost: 2, teams: 2, discord: 1, ntfy: 2 })
    const [edited] = there.at(byChat.get('discord') ?? '').filter(({ text }) => text.includes('executed'))
    expect(edited?.body).toMatchObject({ edited: true })
    // ntfy's own way: the same sequence.
    const sequences = there
      .at(byChat.get('ntfy') ?? '')
      .filter(({ text }) => text.includes('executed'))
      .map(({ body }) => body.sequence_id)
    expect(new Set(sequences).size).toBe(1)
    expect(sequences[0]).toMatch(/^[0-9A-Z]{26}$/)
    // What only follows names what it follows, and when that was asked.
    const [, outcome] = there.at(byChat.get('slack') ?? '').filter(({ text }) => text.includes('executed'))
    expect(outcome?.text).toMatch(/Decided: a\/executed[\s\S]*Asked: .* UTC by write key/)
  })
})

describe('a service that', () => {
  test('deleted our first message gets the outcome as one of its own', async () => {
    const { actor, channel } = await makeChannels(world, there)
    const { says, path, texts } = await channel('discord')
    const made = await makeApproval(world, actor, { key_path: 'gone/first' })
    await says('Approval needed')
    there.messages.splice(
      there.messages.findIndex(({ at }) => at === path),
      1,
    )
    await press(world, made.token)
    await says('Decided')
    expect(texts()).toHaveLength(1)
    expect(there.at(path)[0]?.body.edited).toBeUndefined()
  })

  test.each(['slack', 'discord', 'teams'] as const)(
    'knows the address no more switches the channel off, which is told: %s',
    async (chat) => {
      const { actor, ana, project, channel } = await makeChannels(world, there)
      const { id, path, texts } = await channel(chat)
      if (chat === 'teams') there.answer(path, { status: 410 })
      else there.remove(path)
      await makeApproval(world, actor)
      const now = () => as(world, ana.actor).channels.get({ channel_id: id })
      await until(async () => !(await now()).enabled)
      expect(await now()).toMatchObject({ enabled: false, disabled_for: 'gone' })
      expect(texts()).toEqual([])
      const told = await sql`
      select payload from events where name = 'channel.disabled' and project_id = ${project.id}`
      expect(told.map(({ payload }) => payload)).toEqual([{ channel_id: id, name: chat, reason: 'gone' }])
    },
  )

  test('takes one message a second is given the time it asks for, and gets all of a storm in the end', async () => {
    const { actor, channel } = await makeChannels(world, there)
    const { path, texts } = await channel('slack', { events: ['approval.created'] })
    there.answer(path, ...Array.from({ length: 20 }, () => ({ status: 429, headers: { 'retry-after': '45' } })))
    for (let n = 0; n < 60; n++) await makeApproval(world, actor, { key_path: `storm/${n}` })
    await until(async () => texts().length === 40)
    await until(async () => (await sql`select from attempts where status = 429`).length === 20)
    const [waits] = await sql`
      select count(*)::int as n, min(extract(epoch from next_at - now()))::float8 as least from deliveries
      where status = 'waiting' and attempts = 1`
    // Jitter of a fifth, and what has passed meanwhile.
    expect(waits?.n).toBe(20)
    expect(waits?.least).toBeGreaterThan(15)
    await hurry(world)
    await until(async () => texts().length === 60)
    expect(new Set(texts().map((text) => text.split('\n')[0])).size).toBe(60)
  })

  test('is told of an outcome once it has the first message, however slow it takes that', async () => {
    const { actor, channel } = await makeChannels(world, there)
    const { path, texts, says } = await channel('discord')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    there.hold(path, held)
    const made = await makeApproval(world, actor, { key_path: 'slow/first' })
    await until(async () => there.held(path) === 1)
    await press(world, made.token)
    await until(
      async () =>
        (
          await sql`select from deliveries where event = 'approval.executed' and event_id in (select id from events where target = ${`approval:${made.approval_id}`}) and leased_until is not null`
        ).length === 1,
    )
    release()
    await says('Decided')
    expect(texts()).toHaveLength(1)
    expect(there.at(path)[0]?.body).toMatchObject({ edited: true })
  })
})

describe('an approval that names a channel', () => {
  test('tells it all that happens, whatever events it takes otherwise; others hear nothing more than before', async () => {
    const { actor, channel } = await makeChannels(world, there)
    const quiet = { events: ['secret.contested' as const] }
    const [named, other] = [await channel('ntfy', quiet), await channel('slack', quiet)]
    const body = { notify: ['bo@example.com', named.id] }
    const made = await makeApproval(world, actor, { key_path: 'named/one', ...body })
    await named.says('Approval needed', 'named/one')
    await press(world, made.token)
    await named.says('Decided')
    await until(async () => box.mails.some(({ to }) => to[0] === 'bo@example.com'))
    expect(other.texts()).toEqual([])
  })

  test('that the project does not have is refused by its place, and so is another project’s', async () => {
    const { key, actor, channel } = await makeChannels(world, there)
    const mine = await channel('slack')
    const theirs = await (await makeChannels(world, there)).channel('slack')
    const notify = [mine.id, 'ana@example.com', theirs.id, '0'.repeat(26)]
    const reply = await asker(url)('POST', '/v1/approvals', { key, body: { key_path: 'a', value: 'x', notify } })
    expect(reply.status).toBe(400)
    expect((reply.body.issues as { path: string }[]).map(({ path }) => path)).toEqual(['notify.2', 'notify.3'])
    expect(await sql`select from approvals where project_id = ${actor.projectId}`).toHaveLength(0)
  })

  test('and is made with a test key tells nobody', async () => {
    const { ana, channel } = await makeChannels(world, there)
    const { id, texts } = await channel('slack')
    const { key } = await as(world, ana.actor).keys.create({ name: 'try', scopes: ['approvals:write'], env: 'test' })
    const body = { key_path: 'a', value: 'x', notify: [id] }
    const reply = await asker(url)('POST', '/v1/approvals', { key, body })
    expect(reply.status).toBe(201)
    await as(world, ana.actor).channels.test({ channel_id: id })
    await until(
      async () => (await sql`select from events e, outbox o where (e.tick, e.seq) > (o.tick, o.seq)`).length === 0,
    )
    expect(texts().filter((text) => !text.startsWith('Test message'))).toEqual([])
  })
})
