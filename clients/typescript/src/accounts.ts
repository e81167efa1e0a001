import type { components, operations } from './api.ts'
import { answerOf, type Http, type Options } from './http.ts'
import { type Listing, listingOf } from './listing.ts'

export type Account = components['schemas']['Account']
export type Code = components['schemas']['Code']
export type AccountFilter = Omit<NonNullable<operations['accounts.list']['parameters']['query']>, 'cursor'>

/** Shared TOTP accounts. */
export const accountsOf = ({ api }: Http) => ({
  /** The accounts that this key may use. */
  list: (filter: AccountFilter = {}, { signal }: Options = {}): Listing<Account> =>
    listingOf(async (cursor) =>
      answerOf(await api.GET('/accounts', { params: { query: { ...filter, cursor } }, signal })),
    ),

  /**
   * Codes as they are now, in the order of `ids`; an item has `error` and `error_code` instead of `code` when its account may
   * not be used. Every look is on record. Access by count spends a code here, once for each time step.
   */
  async codes(ids: readonly string[], { signal }: Options = {}): Promise<Code[]> {
    const params = { query: { ids: ids.join(',') } }
    return answerOf(await api.GET('/accounts/codes', { params, signal })).items
  },
})
