import { operations } from '../server/http/operations.ts'
import type { Sql } from '../server/lib/driver/connect.ts'
import { twinOf } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { Endpoint } from '../shared/contract/endpoint.ts'
import { contract } from '../shared/contract/index.ts'
import { scopes } from '../shared/scopes.ts'
import { granteeOf, grantTo, makeAccount } from './accounts.ts'
import { answerPermission, askPermission, makeAgent } from './agents.ts'
import { as } from './as.ts'
import { ticketOf } from './invited.ts'
import { makeApproval, makeKey, makeProject } from './make.ts'
import { makePerson } from './people.ts'

/** A browser that nothing ever reaches; its key is the generator of P-256. */
const someBrowser = {
  endpoint: 'https://push.example.com/theirs',
  keys: {
    p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  },
}

/** A rule that matches nothing which is asked here. */
const someRule = {
  matchers: [{ field: 'action', op: 'equals' as const, value: 'nobody.asks' }],
  effect: 'deny' as const,
}

/** An operation as the matrix sees it. */
export type Case = { name: string; entry: Endpoint }

/** Every operation of REST that asks who it is, and every one of the pages' door. */
export const overRest: Case[] = operations.filter(({ entry }) => entry.access !== 'public')
export const overTrpc: Case[] = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).flatMap(([verb, entry]) =>
    entry.access === 'public' || entry.streams ? [] : [{ name: `${feature}.${verb}`, entry }],
  ),
)

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

/**
 * How each parameter and each field that names something gets a real id of project A. A new operation is in the matrix by
 * itself; a name that is not here stops it until somebody says what of A's it means.
 */
const named: Record<string, (ids: Ids, operation: string) => unknown> = {
  approval_id: (ids) => ids.approval_id,
  approval_ids: (ids) => [ids.approval_id],
  keyId: (ids) => ids.keyId,
  key_id: (ids) => ids.keyId,
  userId: (ids) => ids.userId,
  actor: (ids) => ids.userId,
  invitationId: (ids) => ids.invitationId,
  target: (ids) => `approval:${ids.approval_id}`,
  agentId: (ids) => ids.agentId,
  agent_id: (ids) => ids.agentId,
  // Of whatever the operation is about.
  id: (ids, operation) => ids[idOf(operation)],
  ask_id: (ids) => ids.ask_id,
  accountId: (ids) => ids.accountId,
  ids: (ids) => ids.accountId,
  secret_id: (ids) => ids.secret_id,
  secret_key: (ids) => ids.secret_key,
  metadata_key: (ids) => ids.metadata_key,
  kept_id: (ids) => ids.kept_id,
  webhook_id: (ids) => ids.webhook_id,
  channel_id: (ids) => ids.channel_id,
  event_id: (ids) => ids.event_id,
  // Each project has paths of its own: the same one in both, so that a mix-up would show.
  key_path: () => 'shared/name',
}

function idOf(operation: string): keyof Ids {
  if (operation.startsWith('push.')) return 'browserId'
  if (operation === 'policies.endStanding') return 'standingId'
  if (operation.startsWith('permissions.')) return 'permissionId'
  return operation.startsWith('policies.') ? 'policyId' : 'sessionId'
}

/** Fields that an operation takes only in the place of one that its example has. */
const instead: Record<string, readonly string[]> = { 'accounts.permit': ['key_id'] }

/** What a required field says that names nothing of anybody's. */
const plain: Record<string, unknown> = {
  ...{ value: 'x', email: 'new@example.com', role: 'VIEWER', name: 'x', scopes: ['values:read'], to: 'x@example.com' },
  ...{ action: 'approve', action_hash: '0'.repeat(64), token: 'Z'.repeat(26), csrf_token: 'x' },
  ...{ project: 'x', password: 'a long one that nobody has', secret: 'x' },
  ...{ upload: 'Z'.repeat(26), ticket: 'Z'.repeat(26), pinned: true },
  ...{ ...someBrowser, endpoint: 'https://push.example.com/ours' },
  ...someRule,
}

const must = (field: string): never => {
  throw new Error(`Say in test/tenants.ts what of project A the field ${field} names, or what else to send.`)
}

/** The input of an operation that names what these ids name. */
export function inputFor({ name: operation, entry }: Case, ids: Ids): Record<string, unknown> {
  const input: Record<string, unknown> = { ...entry.example.input }
  for (const [field, schema] of Object.entries(entry.input.shape)) {
    if (instead[operation]?.includes(field)) continue
    const name = named[field]
    if (name) input[field] = name(ids, operation)
    else if (field in input || schema.safeParse(undefined).success) continue
    else input[field] = field in plain ? plain[field] : must(field)
  }
  return input
}

/** Fields that name one thing: what another project has of it is not found. */
const single = [
  'approval_id',
  'keyId',
  'userId',
  'invitationId',
  'id',
  'secret_id',
  'kept_id',
  'metadata_key',
  'ask_id',
  'accountId',
  'agentId',
  'webhook_id',
  'channel_id',
]
export const namesOne = ({ entry }: Case): boolean => single.some((field) => field in entry.input.shape)

/** Whether any field names something of A's; a path that everybody has of their own does not. */
export const namesAny = ({ entry }: Case): boolean =>
  Object.keys(entry.input.shape).some((field) => field in named && field !== 'key_path')

/** An operation's request by REST. */
export function restOf({ entry }: Case, input: Record<string, unknown>, more: Record<string, string> = {}) {
  const rest = { ...input }
  const path = (entry.path ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return value
  })
  const query = entry.method === 'GET' ? Object.entries(rest).map(([name, value]) => [name, String(value)]) : []
  const search = new URLSearchParams([...query, ...Object.entries(more)]).toString()
  const raw = entry.rawBody === undefined ? undefined : rest[entry.rawBody]
  const body = entry.method === 'GET' || Object.keys(rest).length === 0 ? undefined : (raw ?? rest)
  return { method: entry.method, path: `/v1${path}${search && `?${search}`}`, body }
}

/** An operation's request by the pages' door. */
export const trpcOf = ({ name, entry }: Case, input: Record<string, unknown>) =>
  entry.method === 'GET'
    ? { method: 'GET', path: `/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, body: undefined }
    : { method: 'POST', path: `/trpc/${name}`, body: input }

/** Scopes that do not open an operation. */
export const lacking = ({ entry }: Case) => {
  const open: readonly string[] = [entry.access, ...(entry.orAccess ?? [])]
  return scopes.filter((scope) => scope !== '*' && !open.includes(scope))
}

/** What grows by itself: logs of requests, uses and seals, and what is on its way. */
const ignored = new Set(['requests', 'key_uses', 'seals', 'deliveries'])

/** A row `t` but for whether what is sent to it arrives. */
const lasting = `(to_jsonb(t) - 'failing_since' - 'failing')::text`

/** All that a project and its people have, as one text: equal before and after means that nothing was done. */
export async function fingerprint(sql: Sql, victim: Victim, { twin = true } = {}): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attname = 'project_id' order by 1`
  const ids = twin ? [victim.project.id, victim.twin.id] : [victim.project.id]
  const sums = tables
    .filter(({ name }) => !ignored.has(name))
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(string_agg(${lasting}, ' ' order by ${lasting})) as sum from "${name}" t where project_id = any ($1::text[])`,
    )
  // One statement: it is asked before and after each of thousands of attempts.
  const parts = await sql.unsafe(`${sums.join(' union all ')} order by 1`, [ids])
  const people = [victim.owner.id, victim.member.id]
  const rest = await sql`
    select p::text from projects p where id = any (${ids})
    union all select p::text from people p where id = any (${people})
    union all select k::text from account_marks k join accounts a on a.id = k.account_id where a.project_id = any (${ids})
    union all select id || expires_at::text from sessions where person_id = any (${people})
    order by 1`
  return JSON.stringify([parts, rest])
}
