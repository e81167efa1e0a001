import { boolean, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ActorRef } from '../../shared/words.ts'
import { approvals, type Evidence } from './approvals.ts'
import { instant } from './columns.ts'
import { people } from './people.ts'

/** What people said of an approval that several give; one row for each, which changes until it is decided. */
export const votes = pgTable(
  'votes',
  {
    approvalId: text('approval_id')
      .notNull()
      .references(() => approvals.id, { onDelete: 'cascade' }),
    personId: text('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    action: text('action').notNull(),
    comment: text('comment'),
    by: jsonb('by').$type<ActorRef>().notNull(),
    evidence: jsonb('evidence').$type<Evidence>().notNull(),
    /** It was given with a passkey whose user was verified. */
    passkey: boolean('passkey').notNull().default(false),
    /** It was among those that decided; what receipts name. */
    counted: boolean('counted').notNull().default(false),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.approvalId, table.personId] }), index('votes_person').on(table.personId)],
)
