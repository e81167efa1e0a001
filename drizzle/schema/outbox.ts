import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
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
import type { ActorRef } from '../../shared/words.ts'
import { approvals } from './approvals.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { people } from './people.ts'
import { projects } from './projects.ts'
import { generation } from './sealed.ts'

/**
 * One row: how far `events` have been handed out to whoever wants to be told. The row is held while it moves, so that of
 * all nodes one hands out at a time, and it goes by (tick, seq) as sealing does, so that nothing which commits late is missed.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: integer('id').primaryKey().default(1),
    tick: bigint('tick', { mode: 'number' }).notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
  },
  (table) => [check('outbox_is_one_row', sql`${table.id} = 1`)],
)

/** Whether what is sent to a receiver arrives. */
const standing = () => ({
  /** Since when nothing has been delivered although it was tried; null: the last delivery worked. */
  failingSince: instant('failing_since'),
  /** Gets nothing: switched off by a person, because it answered 410, or because it failed for days. */
  disabledAt: instant('disabled_at'),
  disabledFor: text('disabled_for').$type<'by_hand' | 'gone' | 'failing'>(),
})

/** Endpoints that are told of events by signed POSTs (Standard Webhooks). */
export const webhooks = pgTable(
  'webhooks',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    description: text('description').notNull(),
    /** The address, sealed: some hold a credential. */
    url: bytea('url').notNull(),
    /** The signing secret, sealed; during a rotation the one from before signs as well, until `previous_until`. */
    secret: bytea('secret').notNull(),
    previousSecret: bytea('previous_secret'),
    previousUntil: instant('previous_until'),
    /** The generation of the instance's key that all three are sealed under. */
    generation: generation(),
    /** Names of events; null: all. */
    events: text('events').array(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    ...standing(),
  },
  (table) => [
    index('webhooks_project').on(table.projectId, table.id),
    index('webhooks_generation').on(table.generation),
  ],
)

/** Places where people read what happens: a chat, a phone, a mailbox. */
export const channels = pgTable(
  'channels',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'mail' | 'slack' | 'teams' | 'discord' | 'ntfy'>().notNull(),
    name: text('name').notNull(),
    /** Where it is: a mail address, or the URL of an incoming webhook, which is a credential. Sealed. */
    address: bytea('address').notNull(),
    generation: generation(),
    /** Names of the events it is told of. */
    events: text('events').array().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    ...standing(),
  },
  (table) => [
    index('channels_project').on(table.projectId, table.id),
    index('channels_generation').on(table.generation),
  ],
)

/**
 * One event on its way to one webhook, channel or browser: at least once. Due at `next_at`; whoever works on it holds it until
 * `leased_until`, so that a node which died holds nothing up.
 */
export const deliveries = pgTable(
  'deliveries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    webhookId: text('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    channelId: text('channel_id').references(() => channels.id, { onDelete: 'cascade' }),
    subscriptionId: text('subscription_id').references(() => pushSubscriptions.id, { onDelete: 'cascade' }),
    /** The `id` of the event's row, which may be dropped by retention while this stands. */
    eventId: text('event_id').notNull(),
    event: text('event').notNull(),
    status: text('status').$type<'waiting' | 'delivered' | 'failed'>().notNull().default('waiting'),
    /** What is sent, the same at every try; made at the first. */
    body: text('body'),
    attempts: integer('attempts').notNull().default(0),
    /** Tries from before it was last replayed: the schedule begins anew after them. */
    earlier: integer('earlier').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    nextAt: instant('next_at').notNull().defaultNow(),
    leasedUntil: instant('leased_until'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    uniqueIndex('deliveries_webhook').on(table.webhookId, table.eventId).where(sql`webhook_id is not null`),
    uniqueIndex('deliveries_subscription')
      .on(table.subscriptionId, table.eventId)
      .where(sql`subscription_id is not null`),
    uniqueIndex('deliveries_channel').on(table.channelId, table.eventId).where(sql`channel_id is not null`),
    index('deliveries_due').on(table.nextAt).where(sql`status = 'waiting'`),
    index('deliveries_ended').on(table.endedAt).where(sql`ended_at is not null`),
    index('deliveries_listed').on(table.webhookId, table.id),
    check(
      'deliveries_go_to_one',
      sql`num_nonnulls(${table.webhookId}, ${table.channelId}, ${table.subscriptionId}) = 1`,
    ),
  ],
)

/** One try of a delivery, and what came back. */
export const attempts = pgTable(
  'attempts',
  {
    deliveryId: bigint('delivery_id', { mode: 'number' })
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    at: instant('at').notNull().defaultNow(),
    ms: integer('ms').notNull(),
    /** The receiver's status; null: none came. */
    status: integer('status'),
    /** Why it did not count, as a code; null: it did. */
    code: text('code'),
    /** The first bytes of the reply's body. */
    response: text('response'),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.number] })],
)

/** The message of a channel about an approval, which later ones follow or replace. */
export const messages = pgTable(
  'messages',
  {
    channelId: text('channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    approvalId: text('approval_id')
      .notNull()
      .references(() => approvals.id, { onDelete: 'cascade' }),
    /** How the service calls it, where it gives a name; sealed under the channel's generation. */
    reference: bytea('reference'),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.channelId, table.approvalId] })],
)

/** A browser of a person that wants to be told by push (RFC 8030). */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    id: ulidKey(),
    personId: text('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** Digest of the endpoint, so that one browser stands here once. */
    digest: bytea('digest').notNull(),
    /** Endpoint and keys, sealed. */
    sealed: bytea('sealed').notNull(),
    generation: generation(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    failing: boolean('failing').notNull().default(false),
  },
  (table) => [
    uniqueIndex('push_subscriptions_browser').on(table.projectId, table.personId, table.digest),
    index('push_subscriptions_generation').on(table.generation),
  ],
)
