import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Scope, Transport } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { projects } from './projects.ts'

/** API keys. The text is never here, only its digest under the pepper; `prefix` and `last4` are for people to tell keys apart. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    digest: bytea('digest').notNull().unique(),
    prefix: text('prefix').notNull(),
    last4: text('last4').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    /** Null: any path. Otherwise the prefixes this key may touch. */
    keyPaths: text('key_paths').array(),
    transports: text('transports').array().$type<Transport[]>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [index('api_keys_project').on(table.projectId, table.id)],
)
