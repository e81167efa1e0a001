import { operations } from '../server/http/operations.ts'
import type { Endpoint } from '../shared/contract/endpoint.ts'
import { contract } from '../shared/contract/index.ts'
import { scopes } from '../shared/scopes.ts'
import { type Ids, someBrowser, someRule } from './victim.ts'

/** An operation as the matrix sees it. */
export type Case = { name: string; entry: Endpoint }

/** Every operation of REST that asks who it is, and every one of the pages' door. */
export const overRest: Case[] = operations.filter(({ entry }) => entry.access !== 'public')
export const overTrpc: Case[] = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).flatMap(([verb, entry]) =>
    entry.access === 'public' || entry.streams ? [] : [{ name: `${feature}.${verb}`, entry }],
  ),
)

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
