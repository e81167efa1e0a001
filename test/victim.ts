import { twinOf } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import { granteeOf, grantTo, makeAccount } from './accounts.ts'
import { answerPermission, askPermission, makeAgent } from './agents.ts'
import { as } from './as.ts'
import { ticketOf } from './invited.ts'
import { makeApproval, makeKey, makeProject } from './make.ts'
import { makePerson } from './people.ts'

/** A browser that nothing ever reaches; its key is the generator of P-256. */
export const someBrowser = {
  endpoint: 'https://push.example.com/theirs',
  keys: {
    p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  },
}

/** A rule that matches nothing which is asked here. */
export const someRule = {
  matchers: [{ field: 'action', op: 'equals' as const, value: 'nobody.asks' }],
  effect: 'deny' as const,
}

/** Project A with one of everything, each named so that it is known again wherever it leaks. */
export async function makeVictim(world: World) {
  const project = await makeProject(world, 'victim project')
  const twin = { id: await twinOf(world.db.sql, project.id), name: project.name }
  const owner = await makePerson(world, project, 'OWNER', { name: 'victim owner' })
  const member = await makePerson(world, project, 'MEMBER', { name: 'victim member' })
  const key = await makeKey(world, project, 'admin', { name: 'victim key' })
  const approval = await makeApproval(world, key.actor, { key_path: 'shared/name', info: 'victim info' })
  await as(world, key.actor).values.put({ key_path: 'shared/name', value: 'victim value' })
  const invited = await as(world, owner.actor).users.invite({ email: 'victim@example.com', role: 'MEMBER' })
  const secret = await as(world, key.actor).secrets.share({ secret: 'victim secret', memo: 'victim memo' })
  const stored = await as(world, owner.actor).kept.create({ name: 'victim database', secret: 'victim text' })
  const [kept] = await world.db.sql<{ id: string }[]>`select id from secrets where project_id = ${project.id}`
  const asked = await as(world, key.actor).asks.create({ title: 'victim ask' })
  const account = await makeAccount(world, project, {
    name: 'victim account',
    issuer: 'victim issuer',
    tags: ['victim tag'],
    owner,
  })
  await grantTo(world, account, { ...granteeOf(member.actor), codes: 5 })
  const agent = await makeAgent(world, project, { name: 'victim agent' })
  const standing = { standing_seconds: 28_800 }
  const always = await askPermission(world, agent.actor, { action: 'victim.always', ttl: 3600 })
  await answerPermission(world, owner.actor, always, 'approve', standing)
  const waiting = await askPermission(world, agent.actor, { action: 'victim.action', ttl: 3600 })
  const policy = await as(world, owner.actor).policies.create({ ...someRule, name: 'victim policy' })
  const [lasting] = await world.db.sql<{ id: string }[]>`
    select id from policies where project_id = ${project.id} and standing`
  const webhook = await as(world, owner.actor).webhooks.create({
    url: 'https://victim.example.com/',
    description: 'victim webhook',
    events: ['key.aged'],
  })
  const channel = await as(world, owner.actor).channels.create({
    kind: 'ntfy',
    name: 'victim channel',
    address: 'https://victim.example.com/topic-of-theirs',
    events: ['secret.contested'],
  })
  const browser = await as(world, owner.actor).push.subscribe({ ...someBrowser, name: 'victim browser' })
  const [sent] = await world.db.sql<{ event_id: string }[]>`
    insert into deliveries (project_id, webhook_id, event_id, event, body, status, ended_at)
    select project_id, ${webhook.id}, id, name, 'victim body', 'failed', now() from events
    where project_id = ${project.id} order by seq limit 1 returning event_id`
  const ids = {
    ...{ channel_id: channel.id, browserId: browser.id },
    ...{ webhook_id: webhook.id, event_id: String(sent?.event_id) },
    ...{ agentId: agent.agent.id, permissionId: waiting.id, policyId: policy.id, standingId: String(lasting?.id) },
    ...{ accountId: account.id, secret_id: String(kept?.id), secret_key: String(secret.secret_key) },
    ...{ metadata_key: String(secret.metadata_key), kept_id: stored.kept_id },
    ...{ approval_id: approval.approval_id, keyId: key.id, userId: member.id, invitationId: invited.id },
    ...{ sessionId: member.sessionId, ask_id: asked.ask_id },
  }
  const links = [approval.token, asked.url.slice(-26), asked.answer_key]
  const marks = [...Object.values(ids), project.id, owner.id, key.key, ...links, 'victim']
  return { project, twin, owner, member, key, ids, token: ticketOf(invited), marks }
}

export type Victim = Awaited<ReturnType<typeof makeVictim>>
export type Ids = Victim['ids']

/** Ids of the right shape that nobody has. */
export const nobodys: Ids = {
  ...{ approval_id: '0'.repeat(26), keyId: '1'.repeat(26), userId: '2'.repeat(26), invitationId: '3'.repeat(26) },
  ...{ sessionId: '4'.repeat(26), ask_id: '5'.repeat(26), accountId: '7'.repeat(26) },
  ...{ secret_id: '6'.repeat(26), secret_key: 's'.repeat(31), metadata_key: 'm'.repeat(31) },
  ...{ agentId: '8'.padStart(26, '7'), permissionId: '9'.padStart(26, '7') },
  ...{ channel_id: 'F'.padStart(26, '7'), browserId: 'G'.padStart(26, '7') },
  ...{ webhook_id: 'C'.padStart(26, '7'), event_id: 'D'.padStart(26, '7') },
  ...{ kept_id: 'E'.padStart(26, '7') },
  ...{ policyId: 'A'.padStart(26, '7'), standingId: 'B'.padStart(26, '7') },
}
