import { describe, expect, test } from 'vitest'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { contract } from '../../shared/contract/index.ts'
import { presets } from '../../shared/scopes.ts'
import { grantTo, makeAccount } from '../accounts.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { makeKeyOf, ticketOf } from '../invited.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { opened } from '../opened.ts'
import { ownerOf } from '../owner.ts'
import { makePerson, makeSession } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { askApproved, readRelease } from '../releases.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'
import { goodPassword } from '../sign-in.ts'
import { vote } from '../voting.ts'
import { inside, receiver } from '../webhooks.ts'

const { world } = await serve(inside)
const hook = await receiver()
const sql = ownerOf(world)
const { project, actor } = await makeAsker(world)
await makePerson(world, project)
const ana = await makePerson(world, project)
const dashboard = as(world, ana.actor)
const asked = as(world, actor)
const visitor = asVisitor(world)

const invited = async () => {
  const email = `${Math.random().toString(36).slice(2)}@example.com`
  const { id, url } = await dashboard.users.invite({ email, role: 'MEMBER' })
  return { id, email, token: ticketOf({ url }) }
}
const member = () => makePerson(world, project, 'MEMBER')
const account = () => makeAccount(world, project, { owner: ana })
const stored = async () => {
  const { key_path } = await asked.values.put({ key_path: `held/${Math.random()}`, value: 'x' })
  return key_path
}

/** A secret that waits for its file. */
const announced = async () => {
  const { upload = '', reveal } = await shareSecret(world, actor, {
    secret: 'c2VhbGVk',
    encrypted_by: 'browser',
    file_bytes: 3,
  })
  async function* body() {
    yield Buffer.from('abc')
  }
  return { reveal, send: () => as(world, { type: 'visitor' }, { body: body() }).secrets.upload({ upload }) }
}

/** An agent that waits for an answer, and the person who gives it. */
const asking = async () => {
  const made = await makeAgent(world, project)
  const waiting = await askPermission(world, made.actor)
  return { ...made, waiting, mine: as(world, made.actor).permissions }
}

/** A release-only secret. */
const storedKept = async () => {
  const { kept_id } = await dashboard.kept.create({ name: `kept ${Math.random()}`, secret: 'text' })
  return kept_id
}

/** A webhook that is told of nothing which happens here. */
const webhook = async () => {
  const { id } = await dashboard.webhooks.create({ url: hook.url, events: ['key.aged'] })
  return id
}

/** A channel that is told of nothing which happens here. */
const place = { kind: 'ntfy' as const, name: 'x', address: hook.url, events: ['secret.contested' as const] }

const browser = () => ({
  name: 'x',
  endpoint: `${hook.url}/${Math.random()}`,
  keys: {
    p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  },
})

const twoOwners = { approvers: [{ any_of: ['role:OWNER'], required: 2 }] }
const rule = { matchers: [{ field: 'action', op: 'equals' as const, value: 'nobody.asks' }], effect: 'deny' as const }

/** Days that the access log is kept for. */
let days = 40

/** Every change of the contract, each made ready while all is well. */
const changes: Record<string, () => Promise<() => Promise<unknown>>> = {
  'approvals.create': async () => () => makeApproval(world, actor),
  'approvals.invalidate': async () => {
    const { approval_id } = await makeApproval(world, actor)
    return () => asked.approvals.invalidate({ approval_id })
  },
  'approvals.act': async () => (await opened(world, actor)).act,
  'approvals.report': async () => {
    const { visitor, token, csrf_token } = await opened(world, actor)
    return () => visitor.approvals.report({ token, csrf_token })
  },
  'approvals.decide': async () => {
    const { approval_id, action_hash } = await makeApproval(world, actor)
    return () => dashboard.approvals.decide({ approval_id, action: 'approve', action_hash })
  },
  'approvals.decide, as a vote': async () => {
    const waiting = await makeApproval(world, actor, twoOwners)
    return () => vote(world, ana, waiting)
  },
  'approvals.decide, as the last vote': async () => {
    const waiting = await makeApproval(world, actor, twoOwners)
    await vote(world, await makePerson(world, project), waiting)
    return () => vote(world, ana, waiting)
  },
  'approvals.retract': async () => {
    const waiting = await makeApproval(world, actor, twoOwners)
    await vote(world, ana, waiting)
    return () => dashboard.approvals.retract({ approval_id: waiting.approval_id })
  },
  'approvals.consume': async () => {
    const { approval_id, action_hash } = await makeApproval(world, actor)
    await dashboard.approvals.decide({ approval_id, action: 'approve', action_hash })
    const { receipt } = await asked.approvals.receipt({ approval_id })
    return () => asked.approvals.consume({ approval_id, receipt })
  },
  'approvals.invalidateMany': async () => {
    const { approval_id } = await makeApproval(world, actor)
    return () => dashboard.approvals.invalidateMany({ approval_ids: [approval_id] })
  },
  'demo.create': async () => () => visitor.demo.create({}),
  'invitations.accept': async () => {
    const { token, email } = await invited()
    const bea = await makePerson(world, await makeProject(world), 'MEMBER', { email })
    return () => as(world, bea.actor).invitations.accept({ token })
  },
  'invitations.join': async () => {
    const { token } = await invited()
    return () => visitor.invitations.join({ token, name: 'Bea', password: goodPassword })
  },
  'keys.create': async () => () =>
    dashboard.keys.create({ name: 'new', scopes: [...presets.read.scopes], env: 'live' }),
  'keys.update': async () => {
    const { id } = await makeKey(world, project, 'read')
    return () => dashboard.keys.update({ keyId: id, name: 'other' })
  },
  'keys.revoke': async () => {
    const { id } = await makeKey(world, project, 'read')
    return () => dashboard.keys.revoke({ keyId: id })
  },
  'keys.rotate': async () => {
    const { id } = await makeKey(world, project, 'read')
    return () => dashboard.keys.rotate({ keyId: id })
  },
  'me.revokeSession': async () => {
    const { id } = await makeSession(world, ana.id)
    return () => dashboard.me.revokeSession({ id })
  },
  'me.revokeOtherSessions': async () => {
    await makeSession(world, ana.id)
    return () => dashboard.me.revokeOtherSessions({})
  },
  'projects.create': async () => {
    await sql`update people set runs_instance = true where id = ${ana.id}`
    return () => as(world, { ...ana.actor, runsInstance: true }).projects.create({ name: `p ${Math.random()}` })
  },
  // Another number each time: what is as it was is not told of.
  'settings.update': async () => () => dashboard.settings.update({ requests_days: ++days }),
  'users.invite': async () => () => dashboard.users.invite({ email: 'new@example.com', role: 'MEMBER' }),
  'users.uninvite': async () => {
    const { id } = await invited()
    return () => dashboard.users.uninvite({ invitationId: id })
  },
  'users.resend': async () => {
    const { id } = await invited()
    return () => dashboard.users.resend({ invitationId: id })
  },
  'users.disable': async () => {
    const { id } = await member()
    return () => dashboard.users.disable({ userId: id })
  },
  'users.setRole': async () => {
    const { id } = await member()
    return () => dashboard.users.setRole({ userId: id, role: 'ADMIN' })
  },
  'users.leave': async () => {
    const bea = await member()
    return () => as(world, bea.actor).users.leave({})
  },
  'secrets.share': async () => {
    await shareSecret(world, actor)
    return () => asked.secrets.share({ secret: 'text' })
  },
  'secrets.generate': async () => {
    await shareSecret(world, actor)
    return () => asked.secrets.generate({})
  },
  'secrets.create': async () => {
    await shareSecret(world, actor)
    return () => dashboard.secrets.create({ secret: 'text' })
  },
  'secrets.metadata': async () => {
    const { metadata_key } = await shareSecret(world, actor)
    return () => asked.secrets.metadata({ metadata_key })
  },
  'secrets.retrieve': async () => (await shareSecret(world, actor)).retrieve,
  'secrets.reveal': async () => (await shareSecret(world, actor)).reveal,
  'secrets.burn': async () => (await shareSecret(world, actor)).burn,
  'secrets.burnByReceipt': async () => (await shareSecret(world, actor)).burnByReceipt,
  'secrets.burnById': async () => {
    const { id } = await shareSecret(world, actor)
    return () => dashboard.secrets.burnById({ secret_id: id })
  },
  'secrets.upload': async () => (await announced()).send,
  'secrets.file': async () => {
    const { send, reveal } = await announced()
    await send()
    const { file } = await reveal()
    return () => visitor.secrets.file({ ticket: file?.ticket ?? '' })
  },
  'asks.create': async () => () => asked.asks.create({ title: 'The token' }),
  'asks.cancel': async () => {
    const { ask_id } = await asked.asks.create({ title: 'The token' })
    return () => dashboard.asks.cancel({ ask_id })
  },
  'asks.answer': async () => {
    const { url } = await asked.asks.create({ title: 'The token' })
    await shareSecret(world, actor)
    return () => visitor.asks.answer({ token: url.slice(-26), secret: 'text' })
  },
  'accounts.create': async () => () => dashboard.accounts.create({ name: 'a', secret: 'JBSWY3DPEHPK3PXP' }),
  'accounts.update': async () => {
    const { id } = await account()
    return () => dashboard.accounts.update({ accountId: id, name: 'other', secret: 'GEZDGNBVGY3TQOJQ' })
  },
  'accounts.update, handing on': async () => {
    const [{ id }, { email }] = [await account(), await member()]
    return () => dashboard.accounts.update({ accountId: id, owner: email })
  },
  'accounts.delete': async () => {
    const { id } = await account()
    return () => dashboard.accounts.delete({ accountId: id })
  },
  'accounts.export': async () => {
    const { id } = await account()
    return () => dashboard.accounts.export({ accountId: id })
  },
  'accounts.exportOwn': async () => {
    await account()
    return () => dashboard.accounts.exportOwn({})
  },
  'accounts.permit': async () => {
    const [{ id }, { email }] = [await account(), await member()]
    return () => dashboard.accounts.permit({ accountId: id, action: 'grant', email })
  },
  'accounts.permit, revoking': async () => {
    const [shared, { email }] = [await account(), await member()]
    await grantTo(world, shared, { email })
    return () => dashboard.accounts.permit({ accountId: shared.id, action: 'revoke', email })
  },
  'accounts.import': async () => () =>
    dashboard.accounts.import({ uris: ['otpauth://totp/GitHub:ana?secret=GEZDGNBVGY3TQOJQ'], duplicates: 'add' }),
  'accounts.copied': async () => {
    const { id } = await account()
    return () => dashboard.accounts.copied({ accountId: id })
  },
  /** A look, which changes nothing but a count: no code without its row. */
  'accounts.codes': async () => {
    const { id } = await account()
    return () => dashboard.accounts.codes({ ids: id })
  },
  'agents.create': async () => () => dashboard.agents.create({ name: 'my-assistant' }),
  'agents.update': async () => {
    const { agent } = await asking()
    return () => dashboard.agents.update({ agentId: agent.id, disabled: true })
  },
  'agents.createKey': async () => {
    const { agent } = await asking()
    return () => dashboard.agents.createKey({ agentId: agent.id })
  },
  'agents.revoke': async () => {
    const { agent } = await asking()
    return () => dashboard.agents.revoke({ agentId: agent.id })
  },
  'permissions.request': async () => {
    const { actor: agent } = await makeAgent(world, project)
    return () => askPermission(world, agent)
  },
  'permissions.request, of a test key': async () => {
    const { actor: tester } = await makeAgent(world, project, { env: 'test' })
    return () => askPermission(world, tester)
  },
  'permissions.use': async () => {
    const { waiting, mine } = await asking()
    await answerPermission(world, ana.actor, waiting)
    const { token = '' } = await mine.get({ id: waiting.id })
    return () => mine.use({ id: waiting.id, token })
  },
  'permissions.revoke': async () => {
    const { waiting, mine } = await asking()
    return () => mine.revoke({ id: waiting.id })
  },
  'policies.create': async () => () => dashboard.policies.create({ ...rule, name: 'p' }),
  'policies.update': async () => {
    const { id } = await dashboard.policies.create({ ...rule, name: 'p' })
    return () => dashboard.policies.update({ id, name: 'q' })
  },
  'policies.delete': async () => {
    const { id } = await dashboard.policies.create({ ...rule, name: 'p' })
    return () => dashboard.policies.delete({ id })
  },
  'policies.endStanding': async () => {
    const { waiting } = await asking()
    await answerPermission(world, ana.actor, waiting, 'approve', { standing_seconds: 600 })
    const [lasting] = await sql<{ id: string }[]>`select id from policies where standing order by id desc limit 1`
    return () => dashboard.policies.endStanding({ id: String(lasting?.id) })
  },
  'channels.create': async () => {
    await sql`delete from channels`
    return () => dashboard.channels.create(place)
  },
  'channels.update': async () => {
    const { id: channel_id } = await dashboard.channels.create(place)
    return () => dashboard.channels.update({ channel_id, name: 'other' })
  },
  'channels.delete': async () => {
    const { id: channel_id } = await dashboard.channels.create(place)
    return () => dashboard.channels.delete({ channel_id })
  },
  'channels.test': async () => {
    const { id: channel_id } = await dashboard.channels.create(place)
    return () => dashboard.channels.test({ channel_id })
  },
  'push.subscribe': async () => {
    await sql`delete from push_subscriptions`
    return () => dashboard.push.subscribe(browser())
  },
  'push.unsubscribe': async () => {
    const { id } = await dashboard.push.subscribe(browser())
    return () => dashboard.push.unsubscribe({ id })
  },
  'webhooks.create': async () => {
    await sql`delete from webhooks`
    return () => dashboard.webhooks.create({ url: hook.url, events: ['key.aged'] })
  },
  'webhooks.update': async () => {
    const webhook_id = await webhook()
    return () => dashboard.webhooks.update({ webhook_id, description: 'other' })
  },
  'webhooks.delete': async () => {
    const webhook_id = await webhook()
    return () => dashboard.webhooks.delete({ webhook_id })
  },
  'webhooks.rotate': async () => {
    const webhook_id = await webhook()
    return () => dashboard.webhooks.rotate({ webhook_id })
  },
  'webhooks.test': async () => {
    const webhook_id = await webhook()
    return () => dashboard.webhooks.test({ webhook_id })
  },
  'webhooks.replay': async () => {
    const webhook_id = await webhook()
    const [event] = await sql<{ id: string }[]>`select id from events where project_id = ${project.id} limit 1`
    return () => dashboard.webhooks.replay({ webhook_id, event_id: String(event?.id) })
  },
  'webhooks.replayAll': async () => {
    const webhook_id = await webhook()
    const [event] = await sql<{ id: string }[]>`select id from events where project_id = ${project.id} limit 1`
    await sql`insert into deliveries (project_id, webhook_id, event_id, event, status, ended_at)
      values (${project.id}, ${webhook_id}, ${String(event?.id)}, 'key.aged', 'failed', now())`
    return () => dashboard.webhooks.replayAll({ webhook_id, since: '2025-01-01T00:00:00.000Z', failed_only: true })
  },
  'kept.create': async () => () => dashboard.kept.create({ name: `kept ${Math.random()}`, secret: 'text' }),
  'kept.update': async () => {
    const kept_id = await storedKept()
    return () => dashboard.kept.update({ kept_id, secret: 'another' })
  },
  'kept.delete': async () => {
    const kept_id = await storedKept()
    return () => dashboard.kept.delete({ kept_id })
  },
  'approvals.release': async () => {
    const released = await askApproved(world, actor, ana.actor, { secret: await storedKept() })
    return () => readRelease(world, actor, released)
  },
  'values.guard': async () => () => dashboard.values.guard({ key_path: `guarded/${Math.random()}` }),
  'values.unguard': async () => {
    const key_path = `guarded/${Math.random()}`
    await dashboard.values.guard({ key_path })
    return () => dashboard.values.unguard({ key_path })
  },
  'values.put': async () => () => asked.values.put({ key_path: 'put', value: String(Math.random()) }),
  'values.delete': async () => {
    const key_path = await stored()
    return () => asked.values.delete({ key_path })
  },
}

/** What changes nothing that an audit log would tell of. */
const untold: Record<string, string> = {
  'accounts.pin': 'is a mark on somebody’s own page, and nobody else’s',
  'invitations.open': 'reads; it is a POST so that the token stays out of the address',
  'push.test': 'sends a message to a browser of whoever asks',
  'instance.testMail': 'sends a mail to whom the operator names',
  'permissions.verify': 'reads; it is a POST so that the token stays out of the address',
  'policies.dryRun': 'reads; it is a POST since a draft has no place in an address',
  'me.rename': 'is no right and no secret; what is on record keeps the name of its time',
}

/** No audit row can be written; with `name` only none of that event. */
const broken = (name?: string) => `
  create or replace function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
  create trigger broken before insert on events for each row ${name ? `when (new.name = '${name}')` : ''} execute function fail()`

/** A row but for whether what is sent to it arrives. */
const lasting = `(to_jsonb(t) - 'failing_since' - 'failing')::text`

/** Every row of every table, but for limits and counters that are spent whatever becomes of the request, and what is on its way. */
async function everything(on: Sql = sql): Promise<string> {
  const tables = await on<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname not in ('rates', 'requests', 'key_uses', 'seals', 'outbox', 'deliveries', 'attempts') order by 1`
  const sums = tables.map(
    ({ name }) => `(select md5(coalesce(string_agg(${lasting}, '|' order by ${lasting}), '')) from "${name}" t)`,
  )
  const [row] = await on.unsafe(
    `select concat(${sums.join(', ')}, (select count(*) from graphile_worker._private_jobs)) as sum`,
  )
  return row?.sum
}

test('every change of the contract is looked at here', () => {
  const all = Object.entries(contract).flatMap(([feature, entries]) =>
    Object.entries(entries).flatMap(([verb, entry]) => (entry.method === 'GET' ? [] : [`${feature}.${verb}`])),
  )
  const told = Object.keys({ ...changes, ...untold }).filter((name) => !name.includes(','))
  expect([...told, 'setup.claim'].toSorted()).toEqual([...all, 'accounts.codes', 'approvals.release'].toSorted())
})

/** That a change fails and does nothing while no audit row can be written, and is done once one can (control). */
async function mustNeedItsRow(on: Sql, change: () => Promise<unknown>, name?: string): Promise<void> {
  await on.unsafe(broken(name))
  const before = await everything(on)
  try {
    expect(await codeOf(change())).toBe('INTERNAL')
  } finally {
    await on`drop trigger broken on events`
  }
  expect(await everything(on)).toBe(before)
  expect(await codeOf(change())).toBe('done')
  expect(await everything(on)).not.toBe(before)
}

describe.each(Object.entries(changes))('%s', (_, ready) => {
  test('answers 500 and changes nothing when its audit row cannot be written', async () => {
    await mustNeedItsRow(sql, await ready())
  })
})

describe('setup.claim', async () => {
  const fresh = await serve()
  const owner = ownerOf(fresh.world)
  test('answers 500 and changes nothing when its audit row cannot be written', async () => {
    const token = fresh.setupLink?.slice(-26) ?? ''
    const wish = { token, name: 'Ana', email: 'ana@example.com', password: goodPassword, project: 'shop' }
    await mustNeedItsRow(owner, () => asVisitor(fresh.world).setup.claim(wish))
  })
})

describe('nobody is shown out without the row of what they had of accounts', () => {
  test('who leaves', async () => {
    const cleo = await member()
    await makeAccount(world, project, { owner: cleo })
    await mustNeedItsRow(sql, () => as(world, cleo.actor).users.leave({}), 'account.access_ended')
  })
  test('whose invitation is revoked', async () => {
    const { id, email } = await invited()
    await grantTo(world, await account(), { email })
    await mustNeedItsRow(sql, () => dashboard.users.uninvite({ invitationId: id }), 'account.access_ended')
  })
})

describe('no agent and no key ends without the rows of what it asked', () => {
  test.each(['permission.revoked', 'approval.invalidated', 'key.revoked'])('an agent revoked: %s', async (name) => {
    const { agent } = await asking()
    await mustNeedItsRow(sql, () => dashboard.agents.revoke({ agentId: agent.id }), name)
  })
  test.each(['permission.revoked', 'approval.invalidated'])('an agent disabled: %s', async (name) => {
    const { agent } = await asking()
    await mustNeedItsRow(sql, () => dashboard.agents.update({ agentId: agent.id, disabled: true }), name)
  })
  test('a key revoked, and its maker shown out', async () => {
    const { id } = await asking()
    await mustNeedItsRow(sql, () => dashboard.keys.revoke({ keyId: id }), 'permission.revoked')
    const dora = await makePerson(world, project, 'ADMIN')
    await askPermission(world, (await makeKeyOf(world, project, dora, 'agent-live')).actor)
    await mustNeedItsRow(sql, () => dashboard.users.disable({ userId: dora.id }), 'permission.revoked')
  })
})

describe('no standing yes begins or ends without its row', () => {
  const standing = { standing_seconds: 600 }
  test('given with a decision', async () => {
    const { waiting } = await asking()
    await mustNeedItsRow(sql, () => answerPermission(world, ana.actor, waiting, 'approve', standing), 'policy.standing')
  })
  test.each(['shown out', 'made a viewer'])('of somebody who is %s', async (how) => {
    const bea = await member()
    await answerPermission(world, bea.actor, (await asking()).waiting, 'approve', standing)
    const change = () =>
      how === 'shown out'
        ? dashboard.users.disable({ userId: bea.id })
        : dashboard.users.setRole({ userId: bea.id, role: 'VIEWER' })
    await mustNeedItsRow(sql, change, 'policy.standing_ended')
  })
})

test('an export that cannot be told of does not begin', async () => {
  await mustNeedItsRow(sql, () => dashboard.audit.export({}))
})
