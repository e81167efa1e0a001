import { customType, text, timestamp } from 'drizzle-orm/pg-core'

/** Bytes: digests, sealed text. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

/** An instant to the millisecond, so that what we answer is exactly what is compared. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** A ULID made by the service. */
export const ulidKey = () => text('id').primaryKey()
