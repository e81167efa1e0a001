import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { GrantRole } from '../../shared/contract/account.ts'
import type { Algorithm } from '../../shared/totp.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { instanceKeys } from './instance.ts'
import { people } from './people.ts'
import { projects } from './projects.ts'

/** Shared TOTP accounts (seed 3). The seed is sealed under the instance's key, bound to its row. */
export const accounts = pgTable(
  'accounts',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    issuer: text('issuer').notNull().default(''),
    tags: text('tags').array().notNull().default(sql`'{}'`),
    algorithm: text('algorithm').$type<Algorithm>().notNull().default('SHA1'),
    digits: integer('digits').notNull().default(6),
    period: integer('period').notNull().default(30),
    seed: bytea('seed').notNull(),
    /** HMAC of the seed within the project, so that an import knows what is here already. */
    seedDigest: bytea('seed_digest').notNull(),
    /** Generation of the instance's sealing key that the seed is under. */
    keyVersion: integer('key_version')
      .notNull()
      .references(() => instanceKeys.generation),
    /** Keys get its codes only by an approval that releases them. */
    onlyByApproval: boolean('only_by_approval').notNull().default(false),
    /** Null: nobody's, since its owner left or because the command line's key made it. */
    ownerId: text('owner_id').references(() => people.id, { onDelete: 'set null' }),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('accounts_project').on(table.projectId, table.id),
    index('accounts_owner').on(table.ownerId),
    index('accounts_seed').on(table.projectId, table.seedDigest),
    index('accounts_generation').on(table.keyVersion),
  ],
)

/** Who else may use an account: a person by address, also one who is only invited, or a key with all its successors. */
export const accountGrants = pgTable(
  'account_grants',
  {
    id: ulidKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    projectId: text('project_id').notNull(),
    /** Lower case, as `people.email`. */
    email: text('email'),
    /** The first key of its line (`api_keys.family`). */
    keyFamily: text('key_family'),
    role: text('role').$type<GrantRole>().notNull(),
    expiresAt: instant('expires_at'),
    /** So many codes in all; null: no count. */
    codesMax: integer('codes_max'),
    codesUsed: integer('codes_used').notNull().default(0),
    /** The newest time step whose code was given: neither it nor an older one is given again. */
    lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
    grantedAt: instant('granted_at').notNull().defaultNow(),
    grantedBy: jsonb('granted_by').$type<ActorRef>().notNull(),
  },
  (table) => [
    uniqueIndex('account_grants_person').on(table.accountId, table.email).where(sql`email is not null`),
    uniqueIndex('account_grants_key').on(table.accountId, table.keyFamily).where(sql`key_family is not null`),
    index('account_grants_email').on(table.projectId, table.email),
    check('account_grants_one', sql`(email is null) <> (key_family is null)`),
  ],
)

/** What a person keeps at hand. */
export const accountMarks = pgTable(
  'account_marks',
  {
    personId: text('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    pinned: boolean('pinned').notNull().default(false),
    /** When they last took a code. */
    usedAt: instant('used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.accountId] }),
    index('account_marks_account').on(table.accountId),
  ],
)
