import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** A release-only secret as everybody of its project may see it: without its text. */
export type KeptRow = {
  id: string
  project_id: string
  name: string
  created_at: Date
  created_by: ActorRef
  updated_at: Date
}

export const keptColumns = (sql: Sql) => sql`id, project_id, name, created_at, created_by, updated_at`

export const present = (row: KeptRow): z.input<typeof contract.kept.create.output> => ({
  kept_id: row.id,
  name: row.name,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
  updated_at: row.updated_at.toISOString(),
})

/** Refuses NOT_FOUND: unknown, deleted, or another project's. */
export const noSuchKept = (): never => refuse('NOT_FOUND', { sentence: 'There is no such release-only secret.' })

/**
 * Keeps everybody else from storing and renaming in the project until the transaction ends: names and their number are a rule
 * over several rows. It does not hold up what only refers to the project.
 */
export const lockNames = (tx: Sql, projectId: string) =>
  tx`select 1 from projects where id = ${projectId} for no key update`

/** Refuses NAME_TAKEN for a name that another one of the project has. Under `lockNames`. */
export async function mustBeFree(tx: Sql, projectId: string, name: string, but?: string): Promise<void> {
  const [other] = await tx`
    select 1 from kept_secrets where project_id = ${projectId} and name = ${name} and id is distinct from ${but ?? null}`
  if (other) refuse('NAME_TAKEN')
}
