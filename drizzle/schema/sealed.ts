import { integer } from 'drizzle-orm/pg-core'
import { instanceKeys } from './instance.ts'

/** The generation of the instance's key that a row's sealed columns are under. Whatever has it is a line of `holders` in rotation. */
export const generation = () =>
  integer('generation')
    .notNull()
    .references(() => instanceKeys.generation)
