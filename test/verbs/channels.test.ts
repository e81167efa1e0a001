import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatDiscord } from '../../server/channels/discord.ts'
import type { Format } from '../../server/channels/format.ts'
import { formatNtfy } from '../../server/channels/ntfy.ts'
import { formatSlack } from '../../server/channels/slack.ts'
import { formatTeams } from '../../server/channels/teams.ts'
import type { Notice } from '../../server/channels/words.ts'
import { rotate } from '../../server/instance/rotation.ts'
import { as } from '../as.ts'
import { dumpOf } from '../dump.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { faultyFields, refusalIn } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { services } from '../services.ts'
import { inside } from '../webhooks.ts'

const world = await testWorld(inside)
const { sql } = world.db
const there = await services()

async function scene() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  return { project, ana, mine: as(world, ana.actor).channels }
}

describe('an address', async () => {
  const { mine } = await scene()
  const slack = 'https://hooks.slack.com/services/T0ABCDEF1/B0ABCDEF1/abcdefghijklmnopqrstuvwx'

  test.each([
    ['slack', slack],
    ['slack', 'https://chat.example.com/hooks/abcdefghijklmnopqrstuvwxyz'],
    [
      'teams',
      'https://prod-01.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?api-version=1&sig=xyz',
    ],
    ['teams', 'https://shop.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d'],
    ['discord', 'https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz'],
    ['ntfy', 'https://ntfy.sh/our-deploys'],
    ['ntfy', 'https://push.example.com/our-deploys'],
  ] as const)('of %s can be %s, and is shown masked ever after', async (kind, address) => {
    const made = await mine.create({ kind, name: 'x', address })
    const { origin, pathname, search } = new URL(address)
    for (const shown of [made, await mine.get({ channel_id: made.id })]) {
      expect(shown.address).toBe(`${origin}/…${pathname.length > 12 ? (pathname + search).slice(-4) : ''}`)
      expect(shown).toMatchObject({ enabled: true, failing_since: null, has_token: false })
    }
    await mine.delete({ channel_id: made.id })
  })

  test.each([
    ['slack', 'https://hooks.slack.com/services/'],
    ['slack', 'http://hooks.slack.com/services/T0ABCDEF1/B0ABCDEF1/abcdefghijklmnopqrstuvwx'],
    ['slack', 'https://example.com/'],
    ['slack', 'https://10.0.0.7/hooks/abcdefghijklmnop'],
    ['slack', 'https://[::1]/hooks/abcdefghijklmnop'],
    ['slack', 'https://user:pass@chat.example.com/hooks/abcdefghijklmnop'],
    ['slack', 'ana@example.com'],
    ['teams', 'https://logic.azure.com.evil.example/workflows/x'],
    ['teams', 'https://example.com/workflows/x'],
    ['discord', 'https://discord.com.evil.example/api/webhooks/123456789012345678/abcdefghijkl'],
    ['discord', 'https://discord.com/api/webhooks/123456789012345678/abcdefghijkl?thread_id=1'],
    ['discord', 'https://discord.com/api/users/@me'],
    ['ntfy', 'https://ntfy.sh/'],
    ['ntfy', 'https://ntfy.sh/a/b'],
    ['ntfy', 'https://169.254.169.254/latest'],
    ['ntfy', 'file:///etc/passwd'],
  ] as const)('of %s cannot be %s', async (kind, address) => {
    expect(await faultyFields(mine.create({ kind, name: 'x', address }))).toEqual(['address'])
  })

  test('of a mailbox needs a mail server, and is one address', async () => {
    const wish = { kind: 'mail', name: 'x', address: 'Ana@example.com' } as const
    expect((await refusalIn(mine.create(wish))).code).toBe('MAIL_OFF')
    const mailing = await worldAt(world.address, { SMTP_URL: 'smtp://127.0.0.1:1' })
    const { ana } = await scene()
    const theirs = as(mailing, ana.actor).channels
    expect((await theirs.create(wish)).address).toBe('a***@example.com')
    for (const address of [
      'a@example.com, b@example.com',
      'a@example.com\r\nBcc: b@example.com',
      'Ana <a@example.com>',
    ])
      expect(await faultyFields(theirs.create({ ...wish, address }))).toEqual(['address'])
  })

  test('is in no dump, nor is a token, an audit row or what a service calls a message; a rotation takes them along', async () => {
    const own = await testWorld({ ...inside, MASTER_KEY: 'aa'.repeat(32) })
    const project = await makeProject(own)
    const ana = await makePerson(own, project)
    const channels = as(own, ana.actor).channels
    const made = await channels.create({ kind: 'slack', name: 'x', address: slack })
    const token = `tk_${randomBytes(12).toString('hex')}`
    const quiet = await channels.create({ kind: 'ntfy', name: 'y', address: 'https://ntfy.sh/topic-3f1a', token })
    const dump = await dumpOf(own.db.sql)
    expect(dump).toContain(made.id)
    for (const kept of ['abcdefghijklmnopqrstuvwx', 'topic-3f1a', token]) {
      expect(dump).not.toContain(kept)
      expect(dump).not.toContain(Buffer.from(kept).toString('hex'))
    }
    const next = await worldAt(own.address, {
      ...inside,
      MASTER_KEY: 'bb'.repeat(32),
      PREVIOUS_MASTER_KEYS: 'aa'.repeat(32),
    })
    expect(await rotate(next)).toMatchObject({ changed: true, ended: 1, kept: 0 })
    const fresh = await worldAt(own.address, { ...inside, MASTER_KEY: 'bb'.repeat(32) })
    const after = as(fresh, ana.actor).channels
    expect((await after.get({ channel_id: made.id })).address).toBe('https://hooks.slack.com/…uvwx')
    expect(await after.get({ channel_id: quiet.id })).toMatchObject({ has_token: true })
    const generations = await own.db.sql`select distinct generation from channels`
    expect(generations.map(({ generation }) => generation)).toEqual([2])
  })

  test('that is changed leaves the token behind', async () => {
    const wish = { kind: 'ntfy', name: 'x', address: 'https://ntfy.sh/topic-one', token: 'tk_one' } as const
    const { id: channel_id } = await mine.create(wish)
    expect(await mine.update({ channel_id, name: 'y' })).toMatchObject({ name: 'y', has_token: true })
    expect(await mine.update({ channel_id, address: 'https://evil.example/topic' })).toMatchObject({ has_token: false })
    expect(await faultyFields(mine.create({ kind: 'slack', name: 'x', address: slack, token: 'x' }))).toEqual(['token'])
  })
})

describe('channels', () => {
  test('are listed in full to whoever reads settings, and by name to a key that may only name them', async () => {
    const { project, mine } = await scene()
    const made = await mine.create({ kind: 'ntfy', name: 'phone', address: 'https://ntfy.sh/topic-list' })
    const { actor } = await makeKey(world, project)
    expect((await mine.list({})).items).toEqual([made])
    expect((await as(world, actor).channels.list({})).items).toEqual([{ id: made.id, name: 'phone', kind: 'ntfy' }])
    const viewer = await makePerson(world, project, 'VIEWER')
    expect((await as(world, viewer.actor).channels.list({})).items).toEqual([made])
    const reader = await makeKey(world, project, 'read')
    expect((await refusalIn(as(world, reader.actor).channels.list({}))).code).toBe('INSUFFICIENT_SCOPE')
    const member = await makePerson(world, project, 'MEMBER')
    expect((await refusalIn(as(world, member.actor).channels.delete({ channel_id: made.id }))).code).toBe(
      'INSUFFICIENT_ROLE',
    )
  })

  test('are twenty at most, also when thirty are asked for at once, and each change is on record', async () => {
    const { project, mine } = await scene()
    const tries = Array.from({ length: 30 }, (_, n) =>
      mine.create({ kind: 'ntfy', name: `n${n}`, address: `https://ntfy.sh/topic-${n}` }),
    )
    const made = await Promise.allSettled(tries)
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    const [first] = (await mine.list({ limit: 1 })).items
    const channel_id = first?.id ?? ''
    await mine.update({ channel_id, events: ['secret.contested'] })
    await mine.update({ channel_id, events: ['secret.contested'] })
    expect(await mine.update({ channel_id, enabled: false })).toMatchObject({ enabled: false, disabled_for: 'by_hand' })
    expect(await mine.update({ channel_id, enabled: true })).toMatchObject({ enabled: true, disabled_for: null })
    await mine.delete({ channel_id })
    const rows = await sql`
      select name, payload from events where project_id = ${project.id} and target = ${`channel:${channel_id}`} order by seq`
    expect(rows.map(({ name, payload }) => [name, payload.fields])).toEqual([
      ['channel.created', undefined],
      ['channel.changed', ['events']],
      ['channel.changed', ['enabled']],
      ['channel.changed', ['enabled']],
      ['channel.deleted', undefined],
    ])
  })

  test('are tried at once, and what came back is answered and on record', async () => {
    const { mine, project } = await scene()
    const { address, path } = there.place('slack')
    const { id: channel_id } = await mine.create({ kind: 'slack', name: 'x', address })
    await mine.update({ channel_id, enabled: false })
    expect(await mine.test({ channel_id })).toEqual({ delivered: true, status: 200, error: null })
    expect(there.at(path)[0]?.text).toContain(`Project: ${project.name}`)
    there.remove(path)
    expect(await mine.test({ channel_id })).toEqual({ delivered: false, status: 404, error: 'STATUS' })
    const dead = await mine.create({ kind: 'ntfy', name: 'x', address: 'http://127.0.0.1:1/topic' })
    expect(await mine.test({ channel_id: dead.id })).toEqual({ delivered: false, status: null, error: 'REFUSED' })
    const denied = await mine.create({ kind: 'ntfy', name: 'x', address: `${there.origin}/private`, token: 'tk_wrong' })
    expect(await mine.test({ channel_id: denied.id })).toMatchObject({ status: 403 })
    await mine.update({ channel_id: denied.id, token: 'tk_right' })
    expect(await mine.test({ channel_id: denied.id })).toMatchObject({ delivered: true })
    const told =
      await sql`select payload from events where name = 'channel.tested' and project_id = ${project.id} order by seq`
    expect(told.map(({ payload }) => payload.delivered)).toEqual([true, false, false, false, true])
  })
})

describe('what a requester writes', () => {
  const evil = [
    '<!channel> <@U1> @everyone @here #general :tada:',
    '[click](https://evil.example/a) https://evil.example <https://evil.example|x> www.evil.example mailto:a@evil.example',
    '**bold** _it_ ~~s~~ `code` ||spoiler|| # head\n- list\n1. one\n> quote',
    'a\u202Egnp.exe\u0000\u200B',
  ].join('\n')
  const notice = (words: string): Notice => ({
    ...{ title: words.slice(0, 150), sentence: words, quote: words, facts: [['Project', words]], tone: 'waiting' },
    ...{ link: { label: 'Open it', url: 'https://sign.example.com/p/x' }, approvalId: '0'.repeat(26), expiresAt: null },
    place: 'first',
  })
  const target = { address: 'https://x.example/services/T1/B1/abc', token: null }
  const formats: [string, Format, string][] = [
    ['Slack', formatSlack, target.address],
    ['Mattermost', formatSlack, 'https://x.example/hooks/abc'],
    ['Teams', formatTeams, 'https://x.example/workflows/abc'],
    ['Discord', formatDiscord, 'https://x.example/api/webhooks/1/abc'],
    ['ntfy', formatNtfy, 'https://x.example/topic'],
  ]

  test.each(formats)('calls nobody and leads nowhere in %s', (_, format, address) => {
    const { body } = format(notice(evil), { address, token: null })
    const sent = JSON.stringify(body)
      .replaceAll('https://sign.example.com/p/x', '')
      .replaceAll('http://adaptivecards.io', '')
    expect(sent).not.toMatch(
      /@(everyone|here|U1)|#general|:tada|<!channel|<@|https?:\/\/|www\.evil|evil\.example|mailto:a/,
    )
    expect(sent).not.toContain('$schema": "https')
  })

  test('in Discord and Mattermost is no Markdown', () => {
    for (const [, format, address] of formats.filter(([name]) => /Discord|Mattermost/.test(name))) {
      const { body } = format(notice('**b** _i_ `c` ||s|| [a](b)\n# h\n- l\n1. o'), { address, token: null })
      const [attachment] = [body.attachments].flat() as ({ text: string } | undefined)[]
      const text = String(body.content ?? attachment?.text)
      for (const mark of ['\\*\\*b\\*\\*', '\\_i\\_', '\\`c\\`', '\\|\\|s\\|\\|', '\\[a\\]\\(b\\)'])
        expect(text).toContain(mark)
      expect(text).not.toMatch(/^(> )?(# h|- l|1\. o)/m)
    }
  })

  test.each(formats)('is cut to what %s takes, and is valid Unicode after it', (_, format, address) => {
    for (const words of ['\u{1f600}'.repeat(4000), 'x '.repeat(4000), '*'.repeat(4000)]) {
      const { body } = format(notice([...words].slice(0, 1000).join('')), { address, token: null })
      const whole = JSON.stringify(body)
      expect(whole).not.toMatch(/\\ud[89a-f]/)
      expect(Buffer.byteLength(whole)).toBeLessThan(28_000)
      if (typeof body.content === 'string') expect([...body.content].length).toBeLessThanOrEqual(2000)
      if (typeof body.message === 'string') expect(Buffer.byteLength(body.message)).toBeLessThanOrEqual(4096)
      expect(whole).toContain('https://sign.example.com/p/x')
    }
  })
})
