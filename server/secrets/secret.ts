import type { z } from 'zod'
import type { metadata, SecretState } from '../../shared/contract/secret.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { openSecretKey, type Wrapped } from './sealing.ts'

/**
 * A secret's row but for `content`, which leaves the database only in the statement that claims it. `state`, `ended_at`,
 * `updated_at` and `now` are as the database's clock sees them at this read.
 */
export type SecretRow = {
  id: string
  project_id: string
  project: string
  state: SecretState
  encrypted_by: 'server' | 'browser'
  custid: string
  memo: string | null
  created_at: Date
  created_by: ActorRef
  key_id: string | null
  ttl: number
  updated_at: Date
  expires_at: Date
  gone_at: Date
  ended_at: Date | null
  ended_by: ActorRef | null
  contested_at: Date | null
  recipient: string | null
  notify: Uint8Array | null
  passphrase: boolean
  salt: Uint8Array | null
  ephemeral: Uint8Array | null
  epoch_id: string
  key_version: number
  data_key: Uint8Array | null
  sealed_secret_key: Uint8Array | null
  sealed_metadata_key: Uint8Array | null
  replay_key: Uint8Array | null
  replay_until: Date | null
  file_bytes: number | null
  upload_digest: Uint8Array | null
  upload_key: Uint8Array | null
  ticket_key: Uint8Array | null
  ticket_until: Date | null
  now: Date
}

/** Whose time is up, whether or not the sweeper has been there. Of `secrets s`. */
export const isDue = (sql: Sql) => sql`(s.state in ('new', 'viewed') and s.expires_at <= now())`

/** The columns of `secrets s` in `projects p`. */
export const secretColumns = (sql: Sql) => sql`
  s.id, s.project_id, p.name as project, s.encrypted_by, s.custid, s.memo, s.created_at, s.created_by, s.key_id, s.ttl,
  s.expires_at, s.gone_at, s.ended_by, s.contested_at, s.recipient, s.notify, s.passphrase, s.salt, s.ephemeral, s.epoch_id,
  s.key_version, s.data_key, s.sealed_secret_key, s.sealed_metadata_key, s.replay_key, s.replay_until, s.file_bytes,
  s.upload_digest, s.upload_key, s.ticket_key, s.ticket_until, now(),
  case when ${isDue(sql)} then 'expired' else s.state end as state,
  case when ${isDue(sql)} then s.expires_at else s.updated_at end as updated_at,
  case when ${isDue(sql)} then s.expires_at else s.ended_at end as ended_at`

/** The secret that a link opens; one whose metadata's time is up is gone, whether or not its row is. */
export async function findByLink(sql: Sql, digest: Uint8Array): Promise<SecretRow | undefined> {
  const [row] = await sql<SecretRow[]>`
    select ${secretColumns(sql)} from secrets s join projects p on p.id = s.project_id
    where s.secret_digest = ${digest} and s.gone_at > now()`
  return row
}

/** The secret that a receipt is of. */
export async function findByReceipt(sql: Sql, digest: Uint8Array): Promise<SecretRow | undefined> {
  const [row] = await sql<SecretRow[]>`
    select ${secretColumns(sql)} from secrets s join projects p on p.id = s.project_id
    where s.metadata_digest = ${digest} and s.gone_at > now()`
  return row
}

/** Where a row's wrapped keys stand; a `Place` as well. */
export const wrappedAt = (row: Pick<SecretRow, 'id' | 'project_id' | 'epoch_id' | 'key_version'>): Wrapped => ({
  id: row.id,
  projectId: row.project_id,
  epochId: row.epoch_id,
  keyVersion: row.key_version,
})

/** Whether somebody can still read it. */
export const isOpen = ({ state }: Pick<SecretRow, 'state'>): boolean => state === 'new' || state === 'viewed'

/** Seconds since 1970, as seed 4 says times. */
export const unix = (at: Date) => Math.floor(at.getTime() / 1000)

/** Whole seconds that are left, never less than none. Rounded, since the driver's milliseconds are. */
const left = (until: Date, now: Date) => Math.max(0, Math.round((until.getTime() - now.getTime()) / 1000))

/** What metadata is made of. */
export type Facts = Pick<
  SecretRow,
  | 'custid'
  | 'ttl'
  | 'state'
  | 'created_at'
  | 'updated_at'
  | 'expires_at'
  | 'gone_at'
  | 'ended_at'
  | 'recipient'
  | 'passphrase'
  | 'now'
>

/**
 * Seed 4's metadata. `secretKey` is shown while the secret can be read, and as null whenever it is null. `metadataKey` is
 * null for who may not know it.
 */
export function metadataOf(
  row: Facts,
  { metadataKey, secretKey }: { metadataKey: string | null; secretKey: string | null | undefined },
): z.input<typeof metadata> {
  const shown = isOpen(row) || secretKey === null
  return {
    custid: row.custid,
    metadata_key: metadataKey,
    ...(shown && secretKey !== undefined ? { secret_key: secretKey } : {}),
    ttl: row.ttl,
    metadata_ttl: left(row.gone_at, row.now),
    ...(isOpen(row) ? { secret_ttl: left(row.expires_at, row.now) } : {}),
    state: row.state,
    created: unix(row.created_at),
    updated: unix(row.updated_at),
    ...(row.state === 'received' && row.ended_at ? { received: unix(row.ended_at) } : {}),
    recipient: row.recipient === null ? [] : [row.recipient],
    passphrase_required: row.passphrase,
  }
}

/** A secret's metadata for who brings its `metadata_key`, which opens the `secret_key` that is kept sealed under it. */
export function receiptOf(row: SecretRow, metadataKey: string): z.input<typeof metadata> {
  const sealed = isOpen(row) ? row.sealed_secret_key : null
  const secretKey = sealed ? openSecretKey(wrappedAt(row), metadataKey, sealed) : undefined
  return metadataOf(row, { metadataKey, secretKey })
}

/** An address as replies show it: `a***@example.com`. */
export function obfuscated(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, 1)}***${address.slice(at)}`
}
