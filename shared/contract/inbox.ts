import { z } from 'zod'
import { approval } from './approval.ts'
import { query } from './endpoint.ts'
import { apiKey } from './key.ts'

/** The dashboard's first page: what needs whom. */
export const inbox = {
  get: query({
    access: 'approvals:read',
    input: z.strictObject({}),
    output: z.strictObject({
      /** Pending ones that the asker may decide, soonest to expire first; at most 50 of each. */
      needs_me: z.array(approval),
      /** Pending ones that somebody else has to decide. */
      waiting: z.array(approval),
      recent: z.array(approval),
      /** Keys with alerts; empty for who may not see keys. */
      key_health: z.array(apiKey),
      counts: z.object({ needs_me: z.number().int(), waiting: z.number().int() }),
    }),
  }),
}
