import { z } from 'zod'
import { cursor, page, pageLimit, time } from '../words.ts'
import { account, accountEvent, accountId } from './account.ts'
import { mutation, query } from './endpoint.ts'

/** What only the dashboard's Codes page asks and does. */
export const accountBoard = {
  /** Everything that the codes page shows before any code: all accounts one may use, with what one pinned and used last. */
  board: query({
    access: 'accounts:read',
    input: z.strictObject({}),
    output: z.strictObject({
      items: z.array(
        account.extend({
          pinned: z.boolean(),
          used_at: time.nullable(),
          /** May hand it on, delete it: its owner, and admins. */
          mine: z.boolean(),
        }),
      ),
      /** Codes are covered until somebody uncovers one. */
      hidden: z.boolean(),
      /** The list ends at 2 000. */
      more: z.boolean(),
    }),
  }),
  pin: mutation({
    access: 'accounts:read',
    input: z.strictObject({ accountId, pinned: z.boolean() }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
  /** A code was taken to the clipboard: told apart from looks. */
  copied: mutation({
    access: 'accounts:codes',
    limit: 'accounts',
    input: z.strictObject({ accountId }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
  /** Who looked at codes, copied, changed, granted: newest first, for who manages the account. */
  log: query({
    access: 'accounts:read',
    input: z.strictObject({ accountId, limit: pageLimit, cursor: cursor.optional() }),
    output: page(accountEvent),
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT'],
  }),
}
