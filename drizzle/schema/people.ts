import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Role } from '../../shared/roles.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { projects } from './projects.ts'

/** Who somebody is, over all projects. The sign-in library reads and writes this and the five tables below it. */
export const people = pgTable('people', {
  id: ulidKey(),
  name: text('name').notNull(),
  /** Lower case; compared as it stands. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** Runs the instance: sees its health, sends test mails. The one who set it up. */
  runsInstance: boolean('runs_instance').notNull().default(false),
  twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

const personId = () =>
  text('person_id')
    .notNull()
    .references(() => people.id, { onDelete: 'cascade' })

/** Sign-ins that are open. `token` is a digest: what the browser's cookie holds is nowhere in the database. */
export const sessions = pgTable(
  'sessions',
  {
    id: ulidKey(),
    personId: personId(),
    token: text('token').notNull().unique(),
    /** The absolute end, whatever happens meanwhile. */
    expiresAt: instant('expires_at').notNull(),
    /** When this person last proved who they are in this session; opens what asks for a fresh sign-in. */
    provenAt: instant('proven_at').notNull().defaultNow(),
    /** Last use, to the minute; the idle limit counts from here. */
    seenAt: instant('seen_at').notNull().defaultNow(),
    remembered: boolean('remembered').notNull().default(false),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('sessions_person').on(table.personId), index('sessions_due').on(table.expiresAt)],
)

/** Ways a person signs in: a password's hash, or a GitHub account. */
export const identities = pgTable(
  'identities',
  {
    id: ulidKey(),
    personId: personId(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('identities_person').on(table.personId),
    uniqueIndex('identities_account').on(table.providerId, table.accountId),
  ],
)

/** Short-lived steps of a sign-in: OAuth states, password resets, challenges. Identifiers are stored as digests. */
export const verifications = pgTable(
  'verifications',
  {
    id: ulidKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('verifications_identifier').on(table.identifier), index('verifications_due').on(table.expiresAt)],
)

/** Second factors (TOTP). Secret and backup codes are sealed by the sign-in library under a key of the instance. */
export const twoFactors = pgTable(
  'two_factors',
  {
    id: ulidKey(),
    personId: personId(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    verified: boolean('verified').notNull().default(true),
    failedVerificationCount: integer('failed_verification_count').notNull().default(0),
    lockedUntil: instant('locked_until'),
    /** The latest time step whose code was used: neither it nor an older one counts again (RFC 6238 5.2). */
    lastStep: integer('last_step').notNull().default(0),
  },
  (table) => [index('two_factors_person').on(table.personId)],
)

export const passkeys = pgTable(
  'passkeys',
  {
    id: ulidKey(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    personId: personId(),
    credentialID: text('credential_id').notNull().unique(),
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: boolean('backed_up').notNull(),
    transports: text('transports'),
    aaguid: text('aaguid'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('passkeys_person').on(table.personId)],
)

/** What a person may do in a project. A disabled membership stays as a row: who did what keeps its name. */
export const memberships = pgTable(
  'memberships',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    personId: personId(),
    role: text('role').$type<Role>().notNull(),
    /** The line of the key that invited this person, if one did (`api_keys.family`): they never decide its requests. */
    invitedByKey: text('invited_by_key'),
    joinedAt: instant('joined_at').notNull().defaultNow(),
    disabledAt: instant('disabled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.personId] }),
    index('memberships_person').on(table.personId),
  ],
)

/** Invitations into a project: open for 7 days, for one address, used once. The link is kept only as a digest. */
export const invitations = pgTable(
  'invitations',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    role: text('role').$type<Role>().notNull(),
    linkDigest: bytea('link_digest').notNull().unique(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    index('invitations_project').on(table.projectId, table.id),
    uniqueIndex('invitations_open')
      .on(table.projectId, table.email)
      .where(sql`accepted_at is null and revoked_at is null`),
  ],
)
