import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { SecretState } from '../../shared/contract/secret.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { instanceKeys } from './instance.ts'
import { projects } from './projects.ts'

/**
 * Keys that stand in the keyring beside the database, never in it. Secrets that expire by the same hour or day share one;
 * it is destroyed when the last of them can no longer be read, so that no backup of the database opens them.
 */
export const secretEpochs = pgTable(
  'secret_epochs',
  {
    id: ulidKey(),
    /** No secret of the epoch lives longer. */
    until: instant('until').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    destroyedAt: instant('destroyed_at'),
  },
  (table) => [uniqueIndex('secret_epochs_until').on(table.until).where(sql`destroyed_at is null`)],
)

/**
 * One-time secrets (seed 4). Keys of links are kept as digests under the pepper; what opens the text is gone from the row
 * in the statement that claims it.
 */
export const secrets = pgTable(
  'secrets',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    secretDigest: bytea('secret_digest').notNull().unique(),
    /** Null: an answer to an ask, which has no receipt. */
    metadataDigest: bytea('metadata_digest').unique(),
    state: text('state').$type<SecretState>().notNull().default('new'),
    encryptedBy: text('encrypted_by').$type<'server' | 'browser'>().notNull().default('server'),
    custid: text('custid').notNull(),
    memo: text('memo'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    /** The key that made it, for `recent`. */
    keyId: text('key_id'),
    ttl: integer('ttl').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    /** The row goes then: twice the time to live. */
    goneAt: instant('gone_at').notNull(),
    endedAt: instant('ended_at'),
    endedBy: jsonb('ended_by').$type<ActorRef>(),
    /** Somebody came for it after it was read. */
    contestedAt: instant('contested_at'),
    /** As replies show it, `a***@example.com`. */
    recipient: text('recipient'),
    /** Whom to tell that it was read or expired: an address, sealed. */
    notify: bytea('notify'),
    /** When somebody was told that it expires soon. */
    warnedAt: instant('warned_at'),
    passphrase: boolean('passphrase').notNull().default(false),
    /** Salt of the passphrase's argon2id. */
    salt: bytea('salt'),
    /** Public half of the key pair that an answer to an ask was sealed with. */
    ephemeral: bytea('ephemeral'),
    /** Without a foreign key: whoever makes a secret locks its epoch's row anyway, and once is enough for a row this hot. */
    epochId: text('epoch_id').notNull(),
    /** Generation of the instance's sealing key that wraps what is wrapped here. */
    keyVersion: integer('key_version')
      .notNull()
      .references(() => instanceKeys.generation),
    /** The text under a key of its own, and that key under the link's and then the epoch's; both null once it is gone. */
    content: bytea('content'),
    dataKey: bytea('data_key'),
    /** `secret_key` under `metadata_key`; `metadata_key` under the key that made it. Null once the secret is gone. */
    sealedSecretKey: bytea('sealed_secret_key'),
    sealedMetadataKey: bytea('sealed_metadata_key'),
    /** After the claim, for a minute: the data key again, for who repeats the same request. */
    replayKey: bytea('replay_key'),
    replayUntil: instant('replay_until'),
    /** Bytes of the file that comes with it; `upload_*` until it is there, `ticket_*` from the claim on. */
    fileBytes: integer('file_bytes'),
    uploadDigest: bytea('upload_digest').unique(),
    uploadKey: bytea('upload_key'),
    ticketDigest: bytea('ticket_digest').unique(),
    ticketKey: bytea('ticket_key'),
    ticketUntil: instant('ticket_until'),
  },
  (table) => [
    index('secrets_project').on(table.projectId, table.id),
    index('secrets_key').on(table.keyId, table.id).where(sql`key_id is not null`),
    index('secrets_open').on(table.expiresAt).where(sql`state in ('new', 'viewed')`),
    /** Whom to tell a day before they expire. */
    index('secrets_unwarned')
      .on(table.expiresAt)
      .where(sql`state in ('new', 'viewed') and notify is not null and warned_at is null and ttl >= 172800`),
    index('secrets_gone').on(table.goneAt),
    index('secrets_held')
      .on(table.epochId)
      .where(sql`data_key is not null or replay_key is not null or upload_key is not null or ticket_key is not null`),
    index('secrets_lingering')
      .on(sql`least(replay_until, ticket_until)`)
      .where(sql`replay_until is not null or ticket_until is not null`),
  ],
)

/** A secret's file in pieces, each sealed under the secret's own key. Only of one upload once the file is there. */
export const secretParts = pgTable(
  'secret_parts',
  {
    secretId: text('secret_id')
      .notNull()
      .references(() => secrets.id, { onDelete: 'cascade' }),
    /** Which upload brought it: two at once must not mix their pieces. */
    upload: text('upload').notNull(),
    part: integer('part').notNull(),
    bytes: bytea('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.secretId, table.upload, table.part] })],
)

/** Links where somebody else fills in a secret; its answer is a row of `secrets` whose key only the asker has. */
export const asks = pgTable(
  'asks',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    tokenDigest: bytea('token_digest').notNull().unique(),
    /** Digest of the `secret_key` that will read the answer, and the public half of a key pair made from it. */
    answerDigest: bytea('answer_digest').notNull().unique(),
    publicKey: bytea('public_key').notNull(),
    status: text('status').$type<'open' | 'answered' | 'cancelled' | 'expired'>().notNull().default('open'),
    title: text('title').notNull(),
    note: text('note'),
    encryptedBy: text('encrypted_by').$type<'server' | 'browser'>().notNull().default('server'),
    notify: bytea('notify'),
    keyVersion: integer('key_version')
      .notNull()
      .references(() => instanceKeys.generation),
    custid: text('custid').notNull(),
    keyId: text('key_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    expiresAt: instant('expires_at').notNull(),
    answerTtl: integer('answer_ttl').notNull(),
    endedAt: instant('ended_at'),
    secretId: text('secret_id').references(() => secrets.id, { onDelete: 'set null' }),
  },
  (table) => [
    index('asks_project').on(table.projectId, table.id),
    index('asks_open').on(table.expiresAt).where(sql`status = 'open'`),
    index('asks_secret').on(table.secretId),
  ],
)
