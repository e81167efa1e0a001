import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { EventName } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant } from './columns.ts'

/**
 * What happened: one row is the audit entry and the outbox entry, written in the commit of what it tells. It refers to
 * its project without a foreign key: what was audited outlives what it tells of. Rows are never changed, and dropped only
 * in whole sealed ranges.
 */
export const events = pgTable(
  'events',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    id: text('id').notNull().unique(),
    projectId: text('project_id').notNull(),
    name: text('name').$type<EventName>().notNull(),
    actor: jsonb('actor').$type<ActorRef>().notNull(),
    target: text('target').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    requestId: text('request_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    at: instant('at').notNull().defaultNow(),
    /**
     * The transaction that wrote it. Below the oldest transaction that still runs no row can appear any more: sealing
     * and live feeds go by (tick, seq), so neither ever misses a row that committed late.
     */
    tick: bigint('tick', { mode: 'number' }).notNull().default(sql`audit_tick()`),
    /**
     * SHA-256 over the whole row under a key for this row only, which the service gives with it (it stands here until the
     * trigger `events_vouch` has put the hash in its place). Empty on rows from before there were any.
     */
    mac: bytea('mac').notNull(),
  },
  (table) => [
    index('events_project').on(table.projectId, table.tick, table.seq),
    index('events_target').on(table.projectId, table.target, table.seq),
    index('events_tick').on(table.tick, table.seq),
    /** What was done with a TOTP account, of requests about several. */
    index('events_accounts').using('gin', sql`(payload -> 'account_ids')`).where(sql`payload ? 'account_ids'`),
  ],
)

/** The hash chain of each project: one row for each batch of events, signed, and chained to the one before. */
export const seals = pgTable(
  'seals',
  {
    projectId: text('project_id').notNull(),
    /** 1, 2, 3, … without a gap. */
    number: integer('number').notNull(),
    /** It covers the project's events with `from_tick <= tick < to_tick`, in the order (tick, seq). */
    fromTick: bigint('from_tick', { mode: 'number' }).notNull(),
    toTick: bigint('to_tick', { mode: 'number' }).notNull(),
    rows: integer('rows').notNull(),
    /** Events sealed so far, this batch included. */
    total: bigint('total', { mode: 'number' }).notNull(),
    /** SHA-256 over the hashes of its rows; with it the chain can be followed over ranges that were dropped. */
    digest: bytea('digest').notNull(),
    /** SHA-256 chain over everything so far. */
    head: bytea('head').notNull(),
    at: instant('at').notNull(),
    /** Ed25519 over the head and its place. */
    signature: bytea('signature').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.number] }),
    index('seals_covering').on(table.projectId, table.toTick),
    index('seals_newest').on(table.toTick),
  ],
)
