import { refuse } from '../../shared/errors.ts'
import {
  type KeyEnv,
  type Logging,
  prefixFor,
  reservedPrefixes,
  type Scope,
  type Transport,
} from '../../shared/scopes.ts'
import { actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { makeKeyText } from '../lib/token.ts'
import { atomically } from '../lib/transaction.ts'
import { twinOf } from '../projects/project.ts'
import { findKey, type KeyRow } from './key.ts'

export type NewKey = {
  /** The live project; a test key goes into its twin. */
  projectId: string
  name: string
  description?: string
  scopes: readonly Scope[]
  env?: KeyEnv
  keyPaths: readonly string[] | null
  /** Null or absent: any TOTP account. */
  accountTags?: readonly string[] | null
  ipAllowlist?: readonly string[] | null
  transports: readonly Transport[]
  logging?: Logging
  /** Null or absent: a day from now, if bodies are kept at all. */
  loggingUntil?: Date | null
  /** Seconds until it expires; null: never, or `expiresAt`. */
  lifetime: number | null
  /** The agent that it is a key of. */
  agentId?: string | null
  /** Of the key whose place it takes. */
  family?: string
  expiresAt?: Date | null
  /** A text that somebody chose; without one it is made. */
  text?: string | undefined
}

/** What is wrong with a text that somebody chose for a key, as a sentence that does not repeat it (seed 1). */
export function faultOfText(text: string): string | undefined {
  if (text.length < 24 || text.length > 200) return 'Must have 24 to 200 characters.'
  if (!/^[\x21-\x7e]+$/.test(text)) return 'Takes printable ASCII without blanks.'
  if (new Set(text).size < 10) return 'Must have at least 10 different characters.'
  if (reservedPrefixes.some((prefix) => text.startsWith(prefix)))
    return `Must not begin like a key that is made here: ${reservedPrefixes.join(', ')}.`
  return undefined
}

/** The person behind whoever makes a key, also through another key; null: the command line, which counts as an owner. */
const makerOf = ({ actor }: Ctx): string | null =>
  actor.type === 'person' ? actor.id : actor.type === 'key' ? actor.makerId : null

/** Makes a key. Its text is in the answer and nowhere else, ever. Refuses KEY_TAKEN when it is or was another key's. */
export async function makeKey(sql: Sql, ctx: Ctx, fresh: NewKey): Promise<KeyRow & { key: string }> {
  const { projectId, env = 'live', logging = 'none' } = fresh
  const prefix = fresh.text === undefined ? prefixFor(fresh.scopes, env, fresh.agentId != null) : ''
  const key = fresh.text ?? makeKeyText(prefix)
  const id = newId()
  const row = await atomically(sql, async (tx) => {
    const home = env === 'test' ? await twinOf(tx, projectId) : projectId
    const [made] = await tx`
      with made as (
        insert into api_keys (id, project_id, digest, prefix, last4, name, description, env, scopes, key_paths,
          account_tags, ip_allowlist, transports, logging, logging_until, created_by, maker_id, family, agent_id, expires_at)
        values (${id}, ${home}, ${hmac(ctx.world.keys.pepper, key)}, ${prefix}, ${key.slice(-4)}, ${fresh.name},
          ${fresh.description ?? ''}, ${env}, ${[...fresh.scopes]}, ${fresh.keyPaths && [...fresh.keyPaths]},
          ${fresh.accountTags ? [...fresh.accountTags] : null}, ${fresh.ipAllowlist ? [...fresh.ipAllowlist] : null}, ${[...fresh.transports]}, ${logging},
          case when ${logging !== 'none'} then coalesce(${fresh.loggingUntil ?? null}::timestamptz, now() + interval '1 day') end,
          ${tx.json(actorRef(ctx.actor))}, ${makerOf(ctx)}, ${fresh.family ?? id}, ${fresh.agentId ?? null},
          coalesce(${fresh.expiresAt ?? null}::timestamptz, now() + make_interval(secs => ${fresh.lifetime}::float8)))
        on conflict (digest) do nothing
        returning id, ${projectId}::text as project_id, name, scopes
      ), told as (${telling(tx, ctx, {
        name: 'key.created',
        target: tx`'key:' || id`,
        payload: tx`jsonb_build_object('key_id', id, 'name', name, 'scopes', to_jsonb(scopes))`,
        from: tx`made`,
      })})
      select id from made`
    if (!made) refuse('KEY_TAKEN')
    return findKey(tx, projectId, id)
  })
  if (!row) throw new Error('The key was not stored.')
  return { ...row, key }
}
